"""Words of menus, notices and adverts on pages, as they are in many languages; Karat's own list.

A word of these says nothing; a text of which they are a good part is a menu, a notice about cookies, or an advert.
Of Chinese and Japanese they are pairs of characters.
"""

NOTICE_WORDS = {
    "en": "cookie cookies privacy copyright login logout subscribe subscription newsletter click download homepage sitemap "
    "menu checkout cart shipping discount coupon cheap cheapest sale buy price prices offer offers deal deals shop "
    "online free order guarantee guaranteed bonus casino jackpot winner prize loan credit website webpage browser "
    "javascript password username signup register unsubscribe faq blog rss facebook twitter instagram whatsapp telegram "
    "viagra seo advertisement sponsored reserved disclaimer",
    "de": "datenschutz datenschutzerklärung impressum agb anmelden abmelden registrieren warenkorb versand versandkosten "
    "kostenlos gratis rabatt angebot angebote günstig günstige kaufen bestellen preis preise startseite weiterlesen "
    "kontakt abonnieren einwilligung akzeptieren klicken passwort browser webseite gewinnen vorbehalten nutzungsbedingungen",
    "fr": "confidentialité mentions légales connexion inscription inscrivez abonnez panier livraison gratuit gratuite "
    "gratuitement promo promotion promotions soldes acheter achetez commander commandez prix accueil cliquez cliquer "
    "télécharger contactez accepter navigateur réservés offre offres remise site boutique",
    "es": "privacidad aviso iniciar registrarse regístrate suscríbete suscribirse carrito envío gratis oferta ofertas "
    "descuento descuentos comprar compra precio precios inicio clic haz descargar contacto contáctenos aceptar navegador "
    "reservados tienda barato barata pedido garantía",
    "it": "informativa accedi registrati iscriviti carrello spedizione gratuita gratis offerta offerte sconto sconti "
    "acquista acquistare prezzo prezzi clicca scarica contatti accetta accettare riservati negozio ordina garanzia sito",
    "pt": "privacidade entrar cadastre inscreva assine carrinho frete grátis oferta ofertas desconto descontos comprar "
    "compre preço preços início clique baixar contato aceitar navegador reservados loja barato pedido garantia site",
    "nl": "privacybeleid inloggen aanmelden registreren winkelwagen verzending verzendkosten gratis aanbieding "
    "aanbiedingen korting goedkoop goedkope kopen bestellen prijs prijzen klik accepteren voorbehouden webshop",
    "sv": "integritetspolicy personuppgifter varukorg frakt fri erbjudande rabatt billig billiga köp köpa pris priser "
    "klicka acceptera förbehållna hemsida kassa prenumerera inloggning",
    "da": "privatlivspolitik indkøbskurv fragt tilbud rabat billig billige køb pris priser klik accepter forbeholdes "
    "hjemmeside tilmeld nyhedsbrev",
    "nb": "personvern handlekurv frakt tilbud rabatt billig kjøp pris priser klikk godta nettside nyhetsbrev",
    "fi": "evästeet evästeitä tietosuoja kirjaudu rekisteröidy ostoskori toimitus ilmainen ilmaiseksi tarjous tarjoukset "
    "alennus halpa osta hinta hinnat klikkaa hyväksy pidätetään verkkokauppa uutiskirje etusivu",
    "pl": "ciasteczka prywatności regulamin zaloguj zarejestruj zapisz koszyk dostawa darmowa darmowy promocja promocje "
    "rabat tanie tani kup cena ceny kliknij pobierz kontakt akceptuję zastrzeżone sklep zamów gwarancja strona",
    "cs": "soukromí přihlásit registrovat košík doprava zdarma sleva slevy nabídka levné koupit cena ceny klikněte "
    "stáhnout kontakt souhlasím vyhrazena obchod objednat záruka odběr",
    "sk": "súkromia prihlásiť registrovať košík doprava zadarmo zľava ponuka lacné kúpiť cena kliknite vyhradené obchod",
    "hu": "sütik adatvédelem adatvédelmi bejelentkezés regisztráció kosár szállítás ingyenes akció kedvezmény olcsó vásárlás "
    "ár árak kattintson letöltés kapcsolat elfogadom fenntartva rendelés garancia hírlevél",
    "ro": "confidențialitate autentificare înregistrare coș livrare gratuită gratuit ofertă oferte reducere reduceri ieftin "
    "cumpără preț prețuri descarcă contact accept rezervate magazin comandă garanție",
    "hr": "kolačići kolačiće privatnosti prijava registracija košarica dostava besplatno besplatna popust ponuda jeftino "
    "kupi cijena cijene kliknite preuzmi kontakt prihvaćam pridržana trgovina naruči",
    "ru": "куки конфиденциальности войти вход регистрация зарегистрироваться подписаться подпишитесь корзина доставка "
    "бесплатно бесплатная скидка скидки акция акции купить дешево недорого цена цены заказать заказ кликните нажмите "
    "скачать контакты защищены магазин гарантия сайт сайта главная",
    "uk": "конфіденційності увійти вхід реєстрація підписатися кошик доставка безкоштовно знижка знижки акція купити дешево "
    "ціна ціни замовити натисніть завантажити контакти захищені магазин гарантія сайт головна",
    "bg": "бисквитки поверителност вход регистрация абонирай количка доставка безплатна безплатно отстъпка оферта промоция "
    "евтини купи цена цени поръчай кликнете изтегли контакти запазени магазин гаранция сайт начало",
    "el": "απορρήτου σύνδεση εγγραφή καλάθι αποστολή δωρεάν προσφορά προσφορές έκπτωση φθηνά αγορά αγοράστε τιμή τιμές κλικ "
    "λήψη επικοινωνία αποδοχή δικαιώματα κατάστημα παραγγελία εγγύηση αρχική",
    "tr": "çerez çerezler çerezleri gizlilik giriş üye kaydol abone sepet sepete kargo ücretsiz bedava indirim kampanya "
    "fırsat ucuz satın fiyat fiyatlar tıklayın tıkla indir iletişim saklıdır mağaza sipariş garanti anasayfa",
    "ar": "الخصوصية الارتباط تسجيل الدخول اشترك الاشتراك السلة الشحن مجاني مجانا مجاناً خصم خصومات عرض عروض رخيص شراء اشتري "
    "السعر سعر اسعار أسعار اضغط انقر تحميل اتصل محفوظة متجر الموقع ضمان الرئيسية",
    "fa": "خصوصی ورود ثبت عضویت سبد ارسال رایگان تخفیف ارزان خرید قیمت کلیک دانلود تماس محفوظ فروشگاه سفارش گارانتی سایت",
    "he": "פרטיות התחברות הרשמה עגלה משלוח חינם הנחה מבצע מבצעים זול קנה קנו מחיר מחירים לחץ לחצו הורדה קשר שמורות חנות הזמינו "
    "אחריות אתר",
    "hi": "गोपनीयता कुकीज़ लॉगिन रजिस्टर सब्सक्राइब कार्ट डिलीवरी मुफ्त मुफ़्त फ्री छूट ऑफर सस्ता सस्ते खरीदें कीमत क्लिक डाउनलोड "
    "संपर्क सुरक्षित वेबसाइट ऑनलाइन गारंटी",
    "id": "privasi masuk daftar berlangganan keranjang pengiriman gratis diskon promo penawaran murah beli harga klik unduh "
    "hubungi dilindungi toko pesan garansi situs beranda",
    "vi": "miễn phí giảm giá khuyến mãi mua ngay bấm nhấp tải đăng nhập ký giỏ hàng",
    "ko": "쿠키 개인정보 개인정보처리방침 로그인 회원가입 구독 장바구니 배송 무료 무료배송 할인 특가 최저가 구매 가격 클릭 다운로드 문의 "
    "이용약관 고객센터 이벤트 쿠폰",
    "zh": "隐私 隱私 版权 版權 登录 登錄 注册 註冊 订阅 訂閱 购物 购买 購買 优惠 優惠 折扣 促销 促銷 特价 特價 免费 免費 点击 點擊 下载 下載 "
    "包邮 包郵 下单 客服 微信 加微 官网 热线 熱線 首页 首頁 会员 會員 备案 抢购 秒杀 代购 正品 咨询 加盟 网站 網站",
    "ja": "規約 登録 購読 購入 送料 無料 割引 特価 最安 安値 価格 会員 注文 保証 公式 お得",
}
