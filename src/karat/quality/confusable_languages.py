"""Small words that tell apart languages that are close, and those of languages that the model does not know."""

# Words (regular expressions within word bounds) that one language of a group has and its neighbours have not.
WORDS = {
    ("ms", "id"): {
        "ms": "kerana|ialah|iaitu|bahawa|beliau|boleh|sahaja|wang|kereta|peratus|polis|pejabat|syarikat|awak|manakala|"
        "kerajaan|mahkamah|dijangka|pelajar|kementerian|datuk|rm|berkata|jawatankuasa|bagaimanapun|seksyen|malaysia",
        "id": "karena|bahwa|yaitu|bisa|uang|mobil|kantor|polisi|perusahaan|nggak|gak|rupiah|rp|persen|pemerintah|"
        "sebuah|kabupaten|kecamatan|provinsi|jakarta|situs|unduh|banget|kalian|mengatakan|senin|indonesia|kalau|bahasanya",
    },
    ("bs", "hr", "sr", "sl"): {
        "hr": r"što|tko|netko|nitko|tjed\w+|tisuć\w*|glazb\w*|kazališ\w*|povijes\w*|europ\w*|sustav\w*|priopć\w*|"
        r"zrakoplov\w*|siječnj\w*|veljač\w*|ožujk\w*|travnj\w*|svibnj\w*|lipnj\w*|srpnj\w*|kolovoz\w*|rujn\w*|"
        r"listopad\w*|studenog\w*|prosinc\w*|hrvat\w*|zagreb\w*|tijekom|glede|uporab\w*|tvrtk\w*|redatelj\w*|"
        r"gospodarst\w*|izvješć\w*|suradnj\w*|uvjet\w*|točn\w*|natječaj\w*|sveučiliš\w*|znanost\w*|razdoblj\w*",
        "bs": r"šta|ko|neko|niko|sedmic\w*|hiljad\w*|muzi\w*|pozoriš\w*|histori\w*|evrop\w*|sistem\w*|saopć\w*|"
        r"fudbal\w*|avion\w*|januar\w*|februar\w*|juna|jula|augusta|septemb\w*|oktob\w*|novemb\w*|decemb\w*|bosn\w*|sarajev\w*|"
        r"bih|hercegov\w*|entitet\w*|federacij\w*|tokom|reditelj\w*|privred\w*|izvještaj\w*|saradnj\w*|uslov\w*|tačn\w*|"
        r"konkurs\w*|univerzitet\w*|nauk\w*|porodic\w*|kompanij\w*",
    },
    ("nb", "nn", "da"): {
        "nn": "ikkje|eg|ein|eit|dei|frå|kva|kven|korleis|kvifor|noko|nokon|berre|vere|vera|vart|vert|sjølv|òg|meir|"
        "mykje|dykk|ho|hennar|deira|kjem|gjer|fleire|saman|heile|medan|då",
        "nb": "jeg|av|hva|noe|noen|ble|blir|mye|mer|gjør|etter|ut|opp|nå|uten|mot|inn|hvordan|bare|sammen|hun",
        "da": "af|hvad|noget|nogen|blev|bliver|meget|mere|gør|efter|ud|op|nu|uden|mod|ind|kun|bare|deres|hun",
    },
    ("tn", "nso", "st"): {
        "tn": r"gore|mme|jaaka|fela|kwa|tsa|dira|dirang|gonne|kgotsa|dingwe|bangwe|mongwe|thata|rona|tiro|morago|"
        r"sentle|ngwaga|gape|fano|jaanong|tlaa|go|fa|gagwe|lefatshe|botshelo|dikgang|\w*tlh\w*|\w*nng\w*|jw\w+|\w*tshw\w*",
        "nso": r"\w*š\w*|gomme|goba|\w*bj\w*|gobane|fao|moo|bakeng",
        "st": r"ho|hore|ha|hae|haholo|empa|hobane|kapa|jwale|joale|\w+oa|\w+oe|lilemo|eo|tse|ena|bohle|hape|mona|"
        r"\w*tjh\w*|\w*[^t]hl\w*|h[aeo]\w+",
    },
    ("sr", "mk", "bg", "ru", "uk", "be"): {
        "sr": r"\w*[ђћ]\w*|је|су|није|који|која|које|у",
        "mk": r"\w*[ѓќѕ]\w*|во|со|беше|дека|кој|сум|ги",
        "bg": r"\w*[бвгджзклмнпрстфхцчшщ]ъ[бвгджзклмнпрстфхцчшщ]\w*|ще|че|във|със|съм|са",
        "ru": r"что|это|как|его|если|\w*[бвгджзклмнпрстфхцчшщ]ы\w*щ\w*",
        "uk": r"\w*[їєґ]\w*|що|це|та|від",
        "be": r"\w*ў\w*|гэта|якія|таксама|ён",
    },
    ("xh", "zu"): {
        "xh": r"kwaye|yaye|okanye|xa|ukuba|ndi\w+|nda\w+|nde\w+|ngoku|umntu|bantwana|oku|okokuba|into|sele|kwakhona|"
        r"nje\w+ngo\w*|\w*ty[aeiou]\w*|\w*rh\w*",
        "zu": r"futhi|ukuthi|ngi\w+|manje|uma|noma|lokhu|umuntu|yakhe|kanye|ngoba|lapho|okuthi|nga\w+thi|yini|"
        r"khona|ukuze",
    },
}
# A language that is written like another one, and the characters that only it has.
DIALECTS = {"yue": ("zh", "[嘅咗喺唔冇啲佢哋嚟咁睇嘢]"), "wuu": ("zh", "[侬伊阿拉辣海勿搿]{2}")}
# Languages that the model does not know: small words, and signs inside of words.
MAORI_WORDS = (
    "te|ngā|nga|he|ko|ki|kei|me|mō|mo|ka|kua|ana|nei|hoki|rātou|tātou|mātou|koe|ia|ahau|tēnei|tenei|tēnā|tērā|ēnei|hei|ai|"
    "atu|mai|iho|ake|anō|ano|kāore|kore|engari|nā|nō|tō|tā|tana|tōna|whare|mahi|iwi|tangata|kōrero|reo|māori|wā|mea|runga|"
    "roto|raro|mua|muri|nui|pai|i|a|o|e"
)
MAORI_SHAPE = r"(?:(?:wh|ng|[hkmnprtw])?[aeiouāēīōū])+"
TSONGA_WORDS = (
    r"le(?:swi|yi|xi|ti|ri|swaku)|lo(?:wu|ko|mu|ku|yi)|la(?:va|ma|wa|ha)|naswona|hikuva|eka|kambe|hinkw\w+|endzhaku|"
    r"vanhu|nkarhi|mhaka|hi|swa|sw\w+|x[aio]\w*|\w+eleni|vu[^uk]\w+|\w*ndz\w*|\w*nhl\w*|\w*rh[aeiou]\w*|\w*mph\w*|"
    r"[br]ya|hina|vona|wena|ntsena|ri\w+ana|ti\w+|ra|ri|hlay\w+|\w*dyi\w*|\w+n[’']w\w+"
)
BANTU = ("xh", "zu", "sn", "sw", "nso", "st", "tn", "lg", "rw", "ln", "kik", "guw")
# Of few readers or of regions only: a short text is hardly theirs.
RARE = (
    "ace an ary arz as ba bcl br crh dz ext fo fuv fy gcf gcr gd gom grc gug guw hbo ht ig jv kab kik ku lb lij ln lo "
    "ltg mg nso oc om or pcm ps qu rw sa sdh se si tk tt ug uz uzs vec vo wa zxx"
)
