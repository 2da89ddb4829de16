//! Names of invented people: ordinary ones of many countries, and one person in nine whose name is a trap.

use crate::company::Cast;
use crate::draw::{percent, pick};

/// A name with the Latin letters an e-mail address is made of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Name {
    /// Given names as written by their bearer.
    pub(crate) first: &'static str,
    /// Family names; empty where the bearer has one name only.
    pub(crate) last: &'static str,
    /// The name that colleagues use, where it differs.
    pub(crate) known_as: Option<&'static str>,
    /// Lower-case Latin letters for e-mail addresses.
    pub(crate) letters: (&'static str, &'static str),
}

const fn odd(first: &'static str, last: &'static str, letters: (&'static str, &'static str)) -> Name {
    Name {
        first,
        last,
        known_as: None,
        letters,
    }
}

/// Names that break careless software.
pub(crate) const ODD: [Name; 18] = [
    odd("Iyanu", "", ("iyanu", "mono")),
    odd("Zoë", "Brøndum-Ångström", ("zoe", "brondum")),
    odd("Siobhán", "O'Dálaigh", ("siobhan", "odalaigh")),
    odd("D’Arcy", "N’Diaye", ("darcy", "ndiaye")),
    odd("明子", "佐々木", ("akiko", "sasaki")),
    odd("민준", "황보", ("minjun", "hwangbo")),
    odd("ליאורה", "בן־עמי", ("liora", "benami")),
    odd("نور الهدى", "الفارسي", ("nour", "alfarisi")),
    odd("Ana\u{200b}bel", "Torres", ("anabel", "torres")),
    odd(
        "Wolfeschlegelstein Maximilian Ferdinand Konstantin Amadeus Balthasar Hieronymus Valentin Augustinus Theodor",
        "von und zu Hohenlinden-Sonnenborn-Wetterstein-Kaltenbrunn-Oberlauterbach",
        ("wolfeschlegelstein", "hohenlinden"),
    ),
    odd("MARTA", "QUIROGA", ("marta", "quiroga")),
    odd("Jean-Loup", "Delacroix-Fontanelle", ("jeanloup", "delacroix")),
    odd("Nguyễn Thị Ánh", "Dương", ("anh", "duong")),
    odd("Łucja", "Źdźbło", ("lucja", "zdzblo")),
    odd("İpek", "Işıklı", ("ipek", "isikli")),
    odd("X", "Æ", ("x", "ae")),
    odd("María de los Ángeles", "de la O y del Río", ("mangeles", "delao")),
    odd("Null", "True", ("null", "true")),
];

/// Names that break software which takes the first ones.
const ODDER: [Name; 4] = [
    // A joiner that no word can do without, and one that joins what would stand alone.
    odd("نا\u{200c}زنین", "می\u{200c}رحیمی", ("nazanin", "mirahimi")),
    odd("ශ්\u{200d}රී", "ක්\u{200d}රිෂ්ණ", ("sri", "krishna")),
    // Two letters that look like one, and one that looks like two.
    odd("Ame\u{301}lie", "Nun\u{303}ez", ("amelie2", "nunez")),
    odd("𝒥ö𝓇ℊ", "Ǆemal👩\u{200d}🚀", ("joerg", "dzemal")),
];

const FIRST: [(&str, &str); 72] = [
    ("Aina", "aina"),
    ("Álvaro", "alvaro"),
    ("Amélie", "amelie"),
    ("Anders", "anders"),
    ("Anjali", "anjali"),
    ("Arvid", "arvid"),
    ("Beatriz", "beatriz"),
    ("Bruno", "bruno"),
    ("Caetano", "caetano"),
    ("Chidi", "chidi"),
    ("Clàudia", "claudia"),
    ("Corentin", "corentin"),
    ("Dagmar", "dagmar"),
    ("Devika", "devika"),
    ("Diego", "diego"),
    ("Edurne", "edurne"),
    ("Eliška", "eliska"),
    ("Emeka", "emeka"),
    ("Estelle", "estelle"),
    ("Fabio", "fabio"),
    ("Farida", "farida"),
    ("Fergus", "fergus"),
    ("Florian", "florian"),
    ("Gaël", "gael"),
    ("Gemma", "gemma"),
    ("Gonçalo", "goncalo"),
    ("Hana", "hana"),
    ("Haruto", "haruto"),
    ("Héloïse", "heloise"),
    ("Imogen", "imogen"),
    ("Inés", "ines"),
    ("Ioana", "ioana"),
    ("Jakub", "jakub"),
    ("Joana", "joana"),
    ("Jürgen", "jurgen"),
    ("Kavya", "kavya"),
    ("Kenji", "kenji"),
    ("Klára", "klara"),
    ("Lars", "lars"),
    ("Leilani", "leilani"),
    ("Lieke", "lieke"),
    ("Lorenzo", "lorenzo"),
    ("Lucía", "lucia"),
    ("Maëlle", "maelle"),
    ("Malik", "malik"),
    ("Marek", "marek"),
    ("Marisol", "marisol"),
    ("Mireia", "mireia"),
    ("Nadia", "nadia"),
    ("Nikhil", "nikhil"),
    ("Noémie", "noemie"),
    ("Oriol", "oriol"),
    ("Ottilie", "ottilie"),
    ("Paloma", "paloma"),
    ("Pawel", "pawel"),
    ("Priya", "priya"),
    ("Quentin", "quentin"),
    ("Rafael", "rafael"),
    ("Renske", "renske"),
    ("Rosalía", "rosalia"),
    ("Sakura", "sakura"),
    ("Søren", "soren"),
    ("Tamsin", "tamsin"),
    ("Thiago", "thiago"),
    ("Tomás", "tomas"),
    ("Uxía", "uxia"),
    ("Valentina", "valentina"),
    ("Wanjiru", "wanjiru"),
    ("Xavier", "xavier"),
    ("Yannick", "yannick"),
    ("Yuki", "yuki"),
    ("Zuzanna", "zuzanna"),
];

const LAST: [(&str, &str); 72] = [
    ("Abellán", "abellan"),
    ("Adeyemi", "adeyemi"),
    ("Aguilera", "aguilera"),
    ("Albrecht", "albrecht"),
    ("Almeida", "almeida"),
    ("Arrizabalaga", "arrizabalaga"),
    ("Bauer", "bauer"),
    ("Beaumont", "beaumont"),
    ("Bhattacharya", "bhattacharya"),
    ("Blanchet", "blanchet"),
    ("Bosch", "bosch"),
    ("Brennan", "brennan"),
    ("Castellanos", "castellanos"),
    ("Chalmers", "chalmers"),
    ("Chevalier", "chevalier"),
    ("Costa", "costa"),
    ("Czarnecki", "czarnecki"),
    ("Delgado", "delgado"),
    ("Dubois", "dubois"),
    ("Eberhardt", "eberhardt"),
    ("Echeverría", "echeverria"),
    ("Eriksen", "eriksen"),
    ("Espinosa", "espinosa"),
    ("Farrell", "farrell"),
    ("Ferreira", "ferreira"),
    ("Fischer", "fischer"),
    ("Fontaine", "fontaine"),
    ("Gallego", "gallego"),
    ("Gerrits", "gerrits"),
    ("Girard", "girard"),
    ("González", "gonzalez"),
    ("Grabowska", "grabowska"),
    ("Guzmán", "guzman"),
    ("Haddad", "haddad"),
    ("Hashimoto", "hashimoto"),
    ("Hoffmann", "hoffmann"),
    ("Ibáñez", "ibanez"),
    ("Iglesias", "iglesias"),
    ("Iyer", "iyer"),
    ("Janssen", "janssen"),
    ("Kamau", "kamau"),
    ("Kowalczyk", "kowalczyk"),
    ("Krüger", "kruger"),
    ("Lacroix", "lacroix"),
    ("Lindqvist", "lindqvist"),
    ("Llorente", "llorente"),
    ("Macedo", "macedo"),
    ("Marchetti", "marchetti"),
    ("Mbeki", "mbeki"),
    ("Menon", "menon"),
    ("Moreau", "moreau"),
    ("Nakamura", "nakamura"),
    ("Navarro", "navarro"),
    ("Novák", "novak"),
    ("Okafor", "okafor"),
    ("Oliveira", "oliveira"),
    ("Ortega", "ortega"),
    ("Pemberton", "pemberton"),
    ("Pereira", "pereira"),
    ("Petersen", "petersen"),
    ("Quintana", "quintana"),
    ("Ramaswamy", "ramaswamy"),
    ("Ribeiro", "ribeiro"),
    ("Rousseau", "rousseau"),
    ("Sallis", "sallis"),
    ("Schneider", "schneider"),
    ("Takahashi", "takahashi"),
    ("Urrutia", "urrutia"),
    ("Vandenberghe", "vandenberghe"),
    ("Whitlock", "whitlock"),
    ("Yılmaz", "yilmaz"),
    ("Zielińska", "zielinska"),
];

const SHORT: [&str; 6] = ["Ali", "Bo", "Coco", "Max", "Sam", "Teo"];

/// The name of the person who is `number`-th in the company.
pub(crate) fn invent(key: u64, number: u32, cast: Cast) -> Name {
    if number % 9 == 4 {
        let turn = usize::try_from(number / 9).unwrap_or_default();
        let odder = if cast == Cast::Full { ODDER.len() } else { 0 };
        let position = turn % (ODD.len() + odder);
        let found = ODD.get(position).or_else(|| ODDER.get(position - ODD.len()));
        return found.copied().unwrap_or_default();
    }
    let (first, first_letters) = pick(&FIRST, key, 1);
    let (last, last_letters) = pick(&LAST, key, 2);
    Name {
        first,
        last,
        known_as: percent(key, 3, 8).then(|| pick(&SHORT, key, 4)),
        letters: (first_letters, last_letters),
    }
}

/// Returns another family name, for a person who marries.
pub(crate) fn other_last(key: u64, salt: u64) -> &'static str {
    pick(&LAST, key, salt).0
}
