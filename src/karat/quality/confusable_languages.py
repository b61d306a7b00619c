"""Small words that tell apart languages that are close, and those of languages that the model does not know."""

import json
from importlib.resources import files

# Words (regular expressions within word bounds) that one language of a group has and its neighbours have not.
WORDS: dict[tuple[str, ...], dict[str, str]] = {
    tuple(entry["group"]): entry["words"]
    for entry in json.loads(files("karat.quality").joinpath("confusable_languages.json").read_text("utf-8"))
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
