"""Words of insult, pornography, gambling and fraud, English and Chinese: short lists of words without a second meaning.

Slurs against groups, and words with an innocent meaning, are left out on purpose: a general list of them wipes out
the texts of the people it is about. A user's own list belongs to ``karat.clean.flagged_words``.
"""

ENGLISH_ADULT = (
    "porn|porno|pornhub|xvideos|hentai|blowjob|handjob|cumshot|creampie|gangbang|milf|deepthroat|bukkake|camgirl|"
    "camgirls|upskirt|rimjob|dildo"
)
ENGLISH = f"{ENGLISH_ADULT}|xxx|viagra|cialis|levitra"
CHINESE_ADULT = (
    "色情|成人视频|成人影片|黄色网站|无码|一本道|约炮|裸聊|乳交|肛交|自慰|做爱视频|援交"  # 口交 stands in 门口交通
)
CHINESE = (
    f"{CHINESE_ADULT}|博彩|赌场|娱乐城|时时彩|六合彩|北京赛车|百家乐|真人荷官|代开发票|办证刻章|裸贷|伟哥|迷药|枪支出售"
)
ENGLISH_INSULTS = (
    "fuck|fucks|fucked|fucker|fuckers|fuckin|fucking|motherfucker|motherfuckers|motherfucking|wtf|stfu|shit|shits|shitty|"
    "bullshit|bitch|bitches|bastard|bastards|asshole|assholes|arsehole|dickhead|dumbass|jackass|douchebag|scumbag|cunt|"
    "cunts|wanker|wankers|twat|prick|moron|morons|idiot|idiots|imbecile|slut|sluts|whore|whores|go to hell|"
    "drop dead|kill yourself|kys"
)
CHINESE_INSULTS = (
    "傻逼|傻屄|煞笔|傻b|sb玩意|他妈的|他娘的|你妈逼|操你|草泥马|肏|妈的智障|去死吧|滚蛋|王八蛋|混蛋|贱人|贱货|婊子|狗屎|狗日的|狗东西|"
    "脑残|弱智|白痴|智障|畜生|人渣|垃圾货色|不要脸|杂种|臭傻|神经病啊|死全家|日你|尼玛的|尼玛逼"
)
