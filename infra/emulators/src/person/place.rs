//! Where invented people live and work: real cities and time zones, invented streets.

use crate::draw::{below, pick};

/// A city with what an address, a phone number and a payslip there look like.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Place {
    /// The city as written on an envelope.
    pub(crate) city: &'static str,
    /// State or region.
    pub(crate) state: &'static str,
    /// ISO 3166-1 alpha-2, upper case.
    pub(crate) country: &'static str,
    /// IANA time zone.
    pub(crate) time_zone: &'static str,
    /// ISO 4217 of salaries.
    pub(crate) currency: &'static str,
    /// Country calling code and the first digits of a mobile number.
    pub(crate) mobile_prefix: (&'static str, &'static str),
    /// How many digits follow the prefix.
    pub(crate) mobile_digits: u32,
    /// Postal code: `#` is a digit, `@` a letter.
    pub(crate) zip: &'static str,
    /// A street of this place.
    pub(crate) streets: [&'static str; 3],
    /// What a yearly salary of 10 000 euro is, in units of this currency.
    pub(crate) pay_factor: i64,
}

const fn place(
    names: (&'static str, &'static str, &'static str),
    time_zone: &'static str,
    pay: (&'static str, i64),
    mobile: (&'static str, &'static str, u32),
    zip: &'static str,
    streets: [&'static str; 3],
) -> Place {
    Place {
        city: names.0,
        state: names.1,
        country: names.2,
        time_zone,
        currency: pay.0,
        mobile_prefix: (mobile.0, mobile.1),
        mobile_digits: mobile.2,
        zip,
        streets,
        pay_factor: pay.1,
    }
}

/// Every place; companies have an office in each.
pub(crate) const PLACES: [Place; 20] = [
    place(
        ("Barcelona", "Barcelona", "ES"),
        "Europe/Madrid",
        ("EUR", 10_000),
        ("+34", "6", 8),
        "080##",
        ["Carrer de les Oques", "Passeig del Núvol", "Rambla dels Peixos"],
    ),
    place(
        ("Madrid", "Madrid", "ES"),
        "Europe/Madrid",
        ("EUR", 10_000),
        ("+34", "6", 8),
        "280##",
        ["Calle del Jilguero", "Avenida de los Nísperos", "Plaza del Reloj"],
    ),
    place(
        ("Las Palmas de Gran Canaria", "Las Palmas", "ES"),
        "Atlantic/Canary",
        ("EUR", 10_000),
        ("+34", "6", 8),
        "350##",
        ["Calle de la Marea", "Avenida del Drago", "Paseo del Viento"],
    ),
    place(
        ("Paris", "Île-de-France", "FR"),
        "Europe/Paris",
        ("EUR", 10_000),
        ("+33", "6", 8),
        "750##",
        ["rue de l'Écureuil", "boulevard des Tilleuls", "allée du Phare"],
    ),
    place(
        ("Berlin", "Berlin", "DE"),
        "Europe/Berlin",
        ("EUR", 10_000),
        ("+49", "151", 8),
        "10###",
        ["Eichelhäherweg", "Straße der Kraniche", "Am Froschteich"],
    ),
    place(
        ("München", "Bayern", "DE"),
        "Europe/Berlin",
        ("EUR", 10_000),
        ("+49", "151", 8),
        "80###",
        ["Enzianstraße", "Am Bächle", "Lindenhof"],
    ),
    place(
        ("Lisboa", "Lisboa", "PT"),
        "Europe/Lisbon",
        ("EUR", 10_000),
        ("+351", "91", 7),
        "1###-###",
        ["Rua das Gaivotas", "Travessa do Limão", "Largo da Coruja"],
    ),
    place(
        ("London", "Greater London", "GB"),
        "Europe/London",
        ("GBP", 8_500),
        ("+44", "77009", 5),
        "EC#@ #@@",
        ["Otter Row", "St Swithin's Mews", "Lantern Yard"],
    ),
    place(
        ("Zürich", "Zürich", "CH"),
        "Europe/Zurich",
        ("CHF", 9_500),
        ("+41", "79", 7),
        "80##",
        ["Murmeltiergasse", "Seeblickweg", "Alte Säge"],
    ),
    place(
        ("Warszawa", "Mazowieckie", "PL"),
        "Europe/Warsaw",
        ("PLN", 43_000),
        ("+48", "60", 7),
        "0#-###",
        ["ulica Żurawia", "aleja Jaśminowa", "plac Sowi"],
    ),
    place(
        ("New York", "NY", "US"),
        "America/New_York",
        ("USD", 11_000),
        ("+1", "21255501", 2),
        "100##",
        ["Heron Street", "Quarry Avenue", "Old Mill Road"],
    ),
    place(
        ("San Francisco", "CA", "US"),
        "America/Los_Angeles",
        ("USD", 11_000),
        ("+1", "41555501", 2),
        "941##",
        ["Fog Terrace", "Sea Lion Way", "Poppy Lane"],
    ),
    place(
        ("Ciudad de México", "CDMX", "MX"),
        "America/Mexico_City",
        ("MXN", 190_000),
        ("+52", "55", 8),
        "06###",
        ["Calle Ajolote", "Avenida Jacaranda", "Callejón del Maíz"],
    ),
    place(
        ("São Paulo", "SP", "BR"),
        "America/Sao_Paulo",
        ("BRL", 55_000),
        ("+55", "119", 8),
        "0####-###",
        ["Rua Bem-te-vi", "Alameda dos Ipês", "Travessa Caju"],
    ),
    place(
        ("Bengaluru", "Karnataka", "IN"),
        "Asia/Kolkata",
        ("INR", 900_000),
        ("+91", "98", 8),
        "5600##",
        ["Mynah Cross", "Rain Tree Road", "Banyan Layout"],
    ),
    place(
        ("東京都", "東京都", "JP"),
        "Asia/Tokyo",
        ("JPY", 1_600_000),
        ("+81", "90", 8),
        "100-####",
        ["かわせみ通り", "桜坂", "うみねこ町"],
    ),
    place(
        ("Singapore", "", "SG"),
        "Asia/Singapore",
        ("SGD", 15_000),
        ("+65", "8", 7),
        "0#####",
        ["Hornbill Walk", "Kueh Lane", "Tide Road"],
    ),
    place(
        ("Sydney", "NSW", "AU"),
        "Australia/Sydney",
        ("AUD", 16_500),
        ("+61", "4", 8),
        "20##",
        ["Wombat Parade", "Jetty Street", "Gum Nut Close"],
    ),
    place(
        ("Auckland", "Auckland", "NZ"),
        "Pacific/Auckland",
        ("NZD", 18_000),
        ("+64", "21", 7),
        "10##",
        ["Tui Crescent", "Fern Rise", "Harbour Steps"],
    ),
    place(
        ("Kathmandu", "Bagmati", "NP"),
        "Asia/Kathmandu",
        ("NPR", 1_450_000),
        ("+977", "98", 8),
        "446##",
        ["Danphe Marg", "Stupa Road", "Lapche Gali"],
    ),
];

/// Returns a place by its position; the first one where the position is too large.
pub(crate) fn at(position: u8) -> Place {
    PLACES
        .get(usize::from(position))
        .copied()
        .unwrap_or_else(|| pick(&PLACES, 0, 0))
}

impl Place {
    /// Returns a street with a house number.
    pub(crate) fn street(&self, key: u64, salt: u64) -> String {
        format!("{} {}", pick(&self.streets, key, salt), 1 + below(key, salt + 1, 180))
    }

    /// Returns a postal code in the country's form.
    pub(crate) fn postal_code(&self, key: u64, salt: u64) -> String {
        (salt..)
            .zip(self.zip.chars())
            .map(|(step, mark)| match mark {
                '#' => char::from(b'0' + u8::try_from(below(key, step, 10)).unwrap_or_default()),
                '@' => char::from(b'A' + u8::try_from(below(key, step, 26)).unwrap_or_default()),
                other => other,
            })
            .collect()
    }

    /// Returns a mobile number in E.164.
    pub(crate) fn mobile(&self, key: u64, salt: u64) -> String {
        let digits = self.mobile_digits as usize;
        let number = below(key, salt, 10u64.pow(self.mobile_digits));
        format!("{}{}{number:0digits$}", self.mobile_prefix.0, self.mobile_prefix.1)
    }
}
