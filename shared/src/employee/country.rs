//! Countries by ISO 3166-1 alpha-2, from the code list as of 2026.

use std::cmp::Ordering;

/// The officially assigned codes, in order.
const CODES: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS \
BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ \
FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT \
JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP \
MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE \
RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV \
TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

/// An ISO 3166-1 alpha-2 code, upper case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Country(&'static str);

impl Country {
    /// Reads a code in any case. Returns `None` where it is not assigned.
    pub fn parse(text: &str) -> Option<Self> {
        let &[first, second] = text.trim().as_bytes() else {
            return None;
        };
        let wanted = [first.to_ascii_uppercase(), second.to_ascii_uppercase()];
        let (mut low, mut high) = (0, CODES.len() / 3 + 1);
        while low < high {
            let middle = usize::midpoint(low, high);
            let code = CODES.get(middle * 3..middle * 3 + 2)?;
            match code.as_bytes().cmp(&wanted) {
                Ordering::Less => low = middle + 1,
                Ordering::Equal => return Some(Self(code)),
                Ordering::Greater => high = middle,
            }
        }
        None
    }

    /// Returns the code.
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_249_codes_in_order() {
        let codes: Vec<&str> = CODES.split(' ').collect();
        assert_eq!(codes.len(), 249);
        assert!(codes.is_sorted());
    }

    #[test]
    fn names_and_unassigned_codes_are_refused() {
        assert_eq!(Country::parse("gb").map(Country::as_str), Some("GB"));
        for text in ["UK", "ESP", "Spain", "", "E", "AD AE"] {
            assert_eq!(Country::parse(text), None, "{text}");
        }
    }
}
