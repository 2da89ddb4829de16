//! Labels as tenants write them, forbidden and not.

use super::*;

/// Labels as tenants write them, by category.
const FORBIDDEN: &[(Category, &str)] = &[
    (
        Category::EthnicOrigin,
        "Race; Ethnicity; race/ethnicity; Raza; Origen étnico; Origine ethnique; Ethnische Herkunft; Hautfarbe; \
         Razza; Raça; Cor da pele; Etnische afkomst; Ethnie; Color de piel; Rasse",
    ),
    (
        Category::Politics,
        "Political opinion; Party membership; Afiliación política; Opinions politiques; Politische Einstellung; \
         Parteizugehörigkeit; Opinione politica; Filiação política; Politieke voorkeur; Convicciones políticas; \
         Ideología; Orientation politique; Political party",
    ),
    (
        Category::Religion,
        "Religion; Religión; Confession religieuse; Konfession; Kirchensteuermerkmal; Religione; Religião; \
         Geloofsovertuiging; Church tax; Tax elections; religious_belief; Otto per mille; Faith; Church \
         affiliation; Kirche; Creed; Creencias; Croyances; Crenças; Kerkbelasting; Halal meal; Kirchensteuer",
    ),
    (
        Category::TradeUnion,
        "Union; Trade union; Union membership; Sindicato; Afiliación sindical; Syndicat; Gewerkschaft; \
         Gewerkschaftsmitgliedschaft; Sindacato; Vakbond; Delegado sindical; Délégué syndical; Union rep",
    ),
    (
        Category::Health,
        "Blood type; bloodType; Health; Medical record; Disability; Allergies; Grupo sanguíneo; Discapacidad; \
         Grado de discapacidad (%); Historial médico; Groupe sanguin; RQTH; Maladie; Blutgruppe; \
         Schwerbehinderung; GdB (Grad der Behinderung); Krankheiten; Schwangerschaft; Gruppo sanguigno; \
         Disabilità; Categorie protette; Deficiência; Doenças; Tipo sanguíneo; Bloedgroep; Ziekteverzuim; \
         Handicap; COVID vaccination; Genetic test; Pregnancy; COVID status; Incapacidad laboral; Incapacité; \
         Gehandicapt; Arbeitsunfähigkeit; Diabetes; Special needs; Baja médica; Alergias",
    ),
    (
        Category::Biometrics,
        "Fingerprint ID; Biometric template; Huella dactilar; Empreintes digitales; Fingerabdruck; Impronte \
         digitali; Impressão digital; Vingerafdruk; Face recognition",
    ),
    (
        Category::SexualOrientation,
        "Sexual orientation; Orientación sexual; Orientation sexuelle; Sexuelle Orientierung; Orientamento \
         sessuale; Orientação sexual; Seksuele geaardheid; LGBTQ+; Sexualidad; Sessualità; Seksualiteit; \
         Sexualité",
    ),
    (
        Category::CriminalRecord,
        "Criminal record; Background check; DBS check date; Antecedentes penales; Certificado de delitos \
         sexuales; Casier judiciaire; Führungszeugnis; Vorstrafen; Casellario giudiziale; Registo criminal; \
         Verklaring omtrent gedrag; VOG; DBS; Disclosure and Barring Service; Certificado de antecedentes; \
         Justitiële documentatie",
    ),
    (
        Category::BankDetails,
        "IBAN; Bank account; Bank; Sort code; Credit card number; Número de cuenta; Datos bancarios; RIB; Compte \
         bancaire; Bankverbindung; Kontonummer; Coordinate bancarie; Conta bancária; Bankrekeningnummer; \
         SWIFT/BIC; Kontoverbindung; Cuenta corriente; Nº de cuenta; Titular de la cuenta; Numero conto; Número \
         de conta; Account holder",
    ),
    (
        Category::CreditRating,
        "Credit score; Credit rating; SCHUFA-Auskunft; Bonität; Historial crediticio; Solvabilité; Merito \
         creditizio; Kredietwaardigheid; FICO score",
    ),
    (
        Category::IdentityDocument,
        "Passport number; Driver's license; Driving licence no.; Pasaporte; DNI; Carnet de conducir; Numéro de \
         passeport; Permis de conduire; Carte d'identité; Reisepass; Führerschein; Personalausweisnummer; \
         Passaporto; Patente di guida; Carta de condução; Paspoort; Rijbewijs; NIF; NIE; DNI/NIE; ID card; ID \
         number; Permiso de residencia; Titre de séjour; Aufenthaltstitel; Permesso di soggiorno; \
         Verblijfsvergunning; Residence permit no.",
    ),
    (
        Category::SocialSecurity,
        "Social security number; SSN; National Insurance number; NI number; Seguridad Social; NUSS; Numéro de \
         sécurité sociale; Sozialversicherungsnummer; SV-Nummer; AHV-Nr.; Codice fiscale; Segurança Social; NISS; \
         BSN; Burgerservicenummer; Nº Seg. Social; Numéro AVS; AVS; CPF; PPS Number; Numéro INSEE",
    ),
];

/// Labels that share words with forbidden ones and are not forbidden.
const ALLOWED: &str = "T-shirt size; Talla de camiseta; Taille de t-shirt; Racing club; Race bib; Gender; Género; Geschlecht; Sexe; \
    Sex; Sesso; Geslacht; Pronouns; Nationality; Bank holiday calendar; Health and safety training; Health \
    insurance plan; Sexual harassment training; Política de privacidad; Politique de télétravail; Reisepolitik; \
    Policy accepted; Credit union; European Union citizen; Union Street office; Kirchheim; Church Road; \
    Diagnostics team; Account disabled; Swift developer; Software license; Medical affairs; Krankenkasse; \
    Syndicate; Voting rights; Share class; Sin gluten; Niños; Cost centre; Laptop serial; Emergency contact; \
    Party size; Tribe; Squad; Banco de horas; Parking; Desk; Badge number; Start bonus; Office card; Driver; \
    Reporting line; Dress size; Erfassung; Grace period; Terrace; Bonus; Embrace plan; Brasserie; Nifty; Kirchner; Churchill office; Visa sponsorship; \
    Personal ID; Account manager; Chronology; Representative; Naftali";

#[test]
fn r34_labels_of_forbidden_fields_are_found_in_seven_languages() {
    for (category, labels) in FORBIDDEN {
        for label in labels.split("; ") {
            assert_eq!(classify_label(label), Some(*category), "{label}");
            assert_eq!(classify_label(&label.to_uppercase()), Some(*category), "{label}");
        }
    }
    let covered: Vec<_> = FORBIDDEN.iter().map(|(category, _)| *category).collect();
    assert_eq!(covered, Category::ALL);
}

#[test]
fn r34_labels_that_only_share_letters_are_left_alone() {
    for label in ALLOWED.split("; ") {
        assert_eq!(classify_label(label), None, "{label}");
    }
}

#[test]
fn r34_gender_is_allowed() {
    for label in ["Gender", "gender_identity", "Sexo", "Legal sex", "Genre"] {
        assert_eq!(classify_label(label), None, "{label}");
    }
}

#[test]
fn r34_a_slug_made_of_a_label_is_as_forbidden_as_the_label() {
    for (category, labels) in FORBIDDEN {
        for label in labels.split("; ") {
            let name = crate::employee::CustomName::from_label(label).unwrap();
            assert_eq!(classify(&Attribute::Custom(name)), Some(*category), "{label}");
        }
    }
}

#[test]
fn r34_known_members_of_answers_are_found_by_their_names_alone() {
    for (member, category) in NEVER_DECODED {
        assert_eq!(classify_label(member), Some(*category), "{member}");
    }
}

#[test]
fn r34_no_canonical_attribute_but_bank_details_is_forbidden() {
    for canonical in Canonical::ALL {
        let expected = (*canonical == Canonical::BankDetails).then_some(Category::BankDetails);
        assert_eq!(category_of(*canonical), expected, "{}", canonical.name());
        assert_eq!(classify_label(canonical.name()), expected, "{}", canonical.name());
    }
}

#[test]
fn a_category_is_found_by_its_name() {
    for category in Category::ALL {
        assert_eq!(Category::from_name(category.name()), Some(*category));
        assert_eq!(serde_json::to_value(category).unwrap(), category.name());
    }
}
