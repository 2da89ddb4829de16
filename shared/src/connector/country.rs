//! Countries by the names that people read, in English: some HR systems give no codes.

use std::{collections::BTreeMap, sync::LazyLock};

use super::value::Text;
use crate::employee::{Country, fold};

/// Codes (ISO 3166-1) with their names: the usual one, and others that are in use.
const NAMES: &str = "\
AD Andorra; AE United Arab Emirates|UAE; AF Afghanistan; AG Antigua and Barbuda|Antigua & Barbuda; \
AI Anguilla; AL Albania; AM Armenia; AO Angola; AQ Antarctica; AR Argentina; \
AS American Samoa|Samoa (American); AT Austria; AU Australia; AW Aruba; AX Åland Islands|Åland; \
AZ Azerbaijan; BA Bosnia and Herzegovina|Bosnia & Herzegovina|Bosnia; BB Barbados; BD Bangladesh; BE Belgium; \
BF Burkina Faso; BG Bulgaria; BH Bahrain; BI Burundi; BJ Benin; BL Saint Barthélemy|St. Barthélemy; \
BM Bermuda; BN Brunei|Brunei Darussalam; BO Bolivia|Bolivia, Plurinational State of; \
BQ Bonaire, Sint Eustatius and Saba|Caribbean Netherlands; BR Brazil; BS Bahamas|The Bahamas|Bahamas, The; \
BT Bhutan; BV Bouvet Island; BW Botswana; BY Belarus; BZ Belize; CA Canada; \
CC Cocos (Keeling) Islands|Cocos Islands; \
CD Democratic Republic of the Congo|Congo, Democratic Republic of the|Congo, The Democratic Republic of the|\
Congo - Kinshasa|DR Congo|Congo (Kinshasa); \
CF Central African Republic; \
CG Congo|Republic of the Congo|Congo, Republic of the|Congo - Brazzaville|Congo (Brazzaville); \
CH Switzerland; CI Ivory Coast|Côte d'Ivoire; CK Cook Islands; CL Chile; CM Cameroon; \
CN China|People's Republic of China; CO Colombia; CR Costa Rica; CU Cuba; CV Cape Verde|Cabo Verde; \
CW Curaçao; CX Christmas Island; CY Cyprus; CZ Czech Republic|Czechia; DE Germany; DJ Djibouti; DK Denmark; \
DM Dominica; DO Dominican Republic; DZ Algeria; EC Ecuador; EE Estonia; EG Egypt; EH Western Sahara; \
ER Eritrea; ES Spain; ET Ethiopia; FI Finland; FJ Fiji; FK Falkland Islands|Falkland Islands (Malvinas); \
FM Micronesia|Micronesia, Federated States of|Federated States of Micronesia; FO Faroe Islands; FR France; \
GA Gabon; \
GB United Kingdom|United Kingdom of Great Britain and Northern Ireland|Great Britain|UK|Britain (UK); \
GD Grenada; GE Georgia; GF French Guiana; GG Guernsey; GH Ghana; GI Gibraltar; GL Greenland; \
GM Gambia|The Gambia|Gambia, The; GN Guinea; GP Guadeloupe; GQ Equatorial Guinea; GR Greece; \
GS South Georgia and the South Sandwich Islands|South Georgia & South Sandwich Islands; GT Guatemala; \
GU Guam; GW Guinea-Bissau; GY Guyana; HK Hong Kong|Hong Kong SAR|Hong Kong SAR China; \
HM Heard Island and McDonald Islands|Heard & McDonald Islands; HN Honduras; HR Croatia; HT Haiti; HU Hungary; \
ID Indonesia; IE Ireland|Republic of Ireland; IL Israel; IM Isle of Man; IN India; \
IO British Indian Ocean Territory; IQ Iraq; IR Iran|Iran, Islamic Republic of; IS Iceland; IT Italy; \
JE Jersey; JM Jamaica; JO Jordan; JP Japan; KE Kenya; KG Kyrgyzstan; KH Cambodia; KI Kiribati; KM Comoros; \
KN Saint Kitts and Nevis|St. Kitts & Nevis|St Kitts and Nevis; \
KP North Korea|Korea, Democratic People's Republic of|Korea (North); \
KR South Korea|Korea, Republic of|Republic of Korea|Korea (South); KW Kuwait; KY Cayman Islands; \
KZ Kazakhstan; LA Laos|Lao People's Democratic Republic; LB Lebanon; LC Saint Lucia|St. Lucia|St Lucia; \
LI Liechtenstein; LK Sri Lanka; LR Liberia; LS Lesotho; LT Lithuania; LU Luxembourg; LV Latvia; \
LY Libya|Libyan Arab Jamahiriya; MA Morocco; MC Monaco; MD Moldova|Moldova, Republic of|Republic of Moldova; \
ME Montenegro; MF Saint Martin|Saint Martin (French part)|St. Martin|St Martin (French); MG Madagascar; \
MH Marshall Islands; MK North Macedonia|Macedonia|Macedonia, the former Yugoslav Republic of; ML Mali; \
MM Myanmar|Burma|Myanmar (Burma); MN Mongolia; MO Macao|Macau|Macao SAR China; MP Northern Mariana Islands; \
MQ Martinique; MR Mauritania; MS Montserrat; MT Malta; MU Mauritius; MV Maldives; MW Malawi; MX Mexico; \
MY Malaysia; MZ Mozambique; NA Namibia; NC New Caledonia; NE Niger; NF Norfolk Island; NG Nigeria; \
NI Nicaragua; NL Netherlands|The Netherlands|Netherlands, The|Holland; NO Norway; NP Nepal; NR Nauru; \
NU Niue; NZ New Zealand; OM Oman; PA Panama; PE Peru; PF French Polynesia; PG Papua New Guinea; \
PH Philippines|The Philippines; PK Pakistan; PL Poland; PM Saint Pierre and Miquelon|St. Pierre & Miquelon; \
PN Pitcairn|Pitcairn Islands; PR Puerto Rico; \
PS Palestine|Palestinian Territory|Palestinian Territories|Palestinian Territory, Occupied|Palestine, State of; \
PT Portugal; PW Palau; PY Paraguay; QA Qatar; RE Réunion; RO Romania; RS Serbia; \
RU Russia|Russian Federation; RW Rwanda; SA Saudi Arabia; SB Solomon Islands; SC Seychelles; SD Sudan; \
SE Sweden; SG Singapore; SH Saint Helena|Saint Helena, Ascension and Tristan da Cunha|St. Helena; \
SI Slovenia; SJ Svalbard and Jan Mayen|Svalbard & Jan Mayen; SK Slovakia; SL Sierra Leone; SM San Marino; \
SN Senegal; SO Somalia; SR Suriname; SS South Sudan; ST São Tomé and Príncipe|São Tomé & Príncipe; \
SV El Salvador; SX Sint Maarten|Sint Maarten (Dutch part); SY Syria|Syrian Arab Republic; \
SZ Eswatini|Swaziland; TC Turks and Caicos Islands|Turks & Caicos Islands; TD Chad; \
TF French Southern Territories; TG Togo; TH Thailand; TJ Tajikistan; TK Tokelau; TL Timor-Leste|East Timor; \
TM Turkmenistan; TN Tunisia; TO Tonga; TR Turkey|Türkiye; TT Trinidad and Tobago|Trinidad & Tobago; \
TV Tuvalu; TW Taiwan|Taiwan, Province of China; \
TZ Tanzania|Tanzania, United Republic of|United Republic of Tanzania; UA Ukraine; UG Uganda; \
UM United States Minor Outlying Islands|U.S. Outlying Islands; \
US United States|United States of America|USA|U.S.A.; UY Uruguay; UZ Uzbekistan; \
VA Vatican City|Holy See|Holy See (Vatican City State)|Vatican; \
VC Saint Vincent and the Grenadines|St. Vincent & Grenadines|St Vincent; \
VE Venezuela|Venezuela, Bolivarian Republic of; \
VG British Virgin Islands|Virgin Islands, British|Virgin Islands (UK); \
VI U.S. Virgin Islands|United States Virgin Islands|Virgin Islands, U.S.|Virgin Islands (US); \
VN Vietnam|Viet Nam; VU Vanuatu; WF Wallis and Futuna|Wallis & Futuna; WS Samoa; YE Yemen; YT Mayotte; \
ZA South Africa; ZM Zambia; ZW Zimbabwe";

/// The codes by folded name.
static CODES: LazyLock<BTreeMap<String, &'static str>> = LazyLock::new(|| {
    let countries = NAMES.split("; ").filter_map(|country| country.split_once(' '));
    let names = countries.flat_map(|(code, names)| names.split('|').map(move |name| (fold(name), code)));
    names.collect()
});

/// Returns the code of a country that is named in English, or by its code. A name that no country has is odd.
pub fn code_of(country: &Text<'_>) -> Text<'static> {
    country.read(|name| {
        let by_code = Country::parse(name).map(Country::as_str);
        let code = by_code.or_else(|| CODES.get(&fold(name)).copied());
        if name.trim().is_empty() {
            return Some(Text::Null);
        }
        code.map(Text::word)
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_name_leads_to_a_country_and_no_two_countries_share_one() {
        let codes: BTreeSet<&str> = CODES.values().copied().collect();
        assert_eq!(codes.len(), 249, "all that are assigned");
        assert!(codes.iter().all(|code| Country::parse(code).is_some()));
        let names = NAMES.split("; ").flat_map(|country| country[3..].split('|'));
        assert_eq!(names.count(), CODES.len(), "a name stands twice");
    }

    #[test]
    fn a_country_is_known_by_its_name_in_any_spelling_and_by_its_code() {
        for (name, code) in [
            ("Spain", "ES"),
            (" united states ", "US"),
            ("USA", "US"),
            ("Cote d'Ivoire", "CI"),
            ("ÅLAND ISLANDS", "AX"),
            ("gb", "GB"),
        ] {
            assert_eq!(code_of(&Text::word(name)), Text::word(code), "{name}");
        }
        assert_eq!(code_of(&Text::word("Ruritania")), Text::Odd);
        assert_eq!(code_of(&Text::word(" ")), Text::Null);
        assert_eq!(
            (code_of(&Text::Null), code_of(&Text::Absent)),
            (Text::Null, Text::Absent)
        );
    }
}
