//! The words by which forbidden fields are known, by category, in English, Spanish, French, German, Italian,
//! Portuguese and Dutch. All are folded: small letters without accents. Patterns stand between commas.

use super::Category;

/// Rows of words that share words with a forbidden category and are harmless.
pub(super) const HARMLESS: &str = "bank holiday*, health and safety, health insurance*, health plan*, health safety, krankenkasse*, \
    krankenversicherung*, medical affairs, medical device*, medical insurance, medical plan*, medicare, mental \
    health first aid*, mutuelle sante, race bib, race number, seguro de salud, seguro medico, \
    ziektekostenverzekering*";

/// What each category is known by.
pub(super) const PATTERNS: &[(Category, &str)] = &[
    (
        Category::EthnicOrigin,
        "aboriginal*, afkomst, caste, color de piel, cor da pele, cor raca, couleur de peau, ethni*, etnia*, \
         etnic*, etnis*, hautfarbe, hispanic*, huidskleur, indigenous, national origin, race, racial*, raca, \
         rasse, raza, razza, skin colo*, visible minorit*",
    ),
    (
        Category::Politics,
        "affiliation politi*, affiliazione politica, afiliacion politica, filiacao partidaria, filiacao \
         politica, ideologia politica, opinion politi*, opiniones politicas, opinione politica, opinioni \
         politiche, opinions politi*, opiniao politica, orientamento politico, partei, parteibuch, \
         parteimitglied*, parteizugehorig*, parti politique, partido politico, partijlidmaatschap, partito \
         politico, party affiliation*, party member*, political*, politiek*, politisch*",
    ),
    (
        Category::Religion,
        "8 per mille, 8xmille, church member*, church tax*, confesion, confessie, confession, confissao, \
         denomination, faith, geloof*, glaube, glaubens*, iglesia, kerkelijk*, kerkgenootschap, \
         kirchenmitglied*, kirchensteuer*, kirchenzugehorig*, kirchlich*, konfession*, otto per mille, religie*, \
         religio*, religia*, tax election*",
    ),
    (
        Category::TradeUnion,
        "^union$, gewerkschaft*, labor union*, labour union*, sindaca*, sindica*, syndical*, syndicat, \
         syndicats, syndique*, trade union*, union code, union dues, union member*, union name, union status, \
         unionised, unionized, vakbond*, vakvereniging*",
    ),
    (
        Category::Health,
        "^gesundheit$, ^health$, ^salud$, ^salute$, ^sante$, ^saude$, adn, alergi*, allergi*, \
         arbeidsongeschikt*, arztlich*, behinder*, bloedgroep*, blood, blood*, blutgruppe*, categori* protett*, \
         deficien*, diagnose, diagnosen, diagnoses, diagnosi, diagnosis, diagnostico*, disabilit*, disabled \
         employee*, disabled person*, disabled status, disabled veteran*, disabled worker*, discapa*, disease*, \
         dna, doenca*, embaraz*, enfermedad*, erkrank*, estado de salud, estado de saude, etat de sante, genet*, \
         gesundheits*, gezondheid*, gravidanza, gravidez, grossesse*, handicap*, health condition*, health data, \
         health history, health issue*, health problem*, health record*, health status, hiv, illness*, \
         impfstatus, impfung*, invalidez, invalidita, invalidite, krank, krank*, maladie*, malatt*, medic*, \
         medikament*, medisch*, medizin*, mental health, minusvali*, pregnan*, rqth, sanguign*, sanguin*, \
         schwanger*, schwerbehind*, sick day*, sick leave, sickness*, state of health, stato di salute, vaccin*, \
         vacin*, vacun*, ziekte*, zwanger*",
    ),
    (
        Category::Biometrics,
        "biometr*, empreinte* digitale*, face id, face recognition, facial recognition, facial template, \
         fingerabdruck*, fingerprint*, gesichtserkennung*, gezichtsherkenning*, huella* dactilar*, impressao \
         digital, impressoes digitais, impront* digital*, iris scan*, reconhecimento facial, reconnaissance \
         faciale, reconocimiento facial, retina scan*, riconoscimento facciale, vingerafdruk*, voiceprint*",
    ),
    (
        Category::SexualOrientation,
        "geaardheid, lgbt*, orientacao sexual, orientacion sexual, orientamento sessuale, orientation sexuelle, \
         preferencia* sexual*, seksuele voorkeur, sex life, sexual identity, sexual orientation, sexual \
         preference*, sexualit*, sexuelle orientierung, vida sexual, vie sexuelle, vita sessuale",
    ),
    (
        Category::CriminalRecord,
        "antecedentes criminais, antecedentes criminales, antecedentes penales, antecedentes policiales, arrest \
         record*, background check*, background screening, carichi pendenti, casellario*, casier, certificado de \
         penales, conviction*, criminal*, dbs certificate*, dbs check*, dbs disclosure, dbs number, dbs status, \
         delito*, enhanced dbs, felony, folha corrida, fuhrungszeugnis*, hintergrundprufung*, police check*, \
         police clearance, police record*, polizeilich*, precedenti penali, sex offen*, strafblad, \
         strafrechtelijk*, strafregister*, verklaring omtrent*, vog, vorbestraft, vorstrafe*",
    ),
    (
        Category::BankDetails,
        "^bank$, account number, bancair*, bancari*, bank account*, bank code, bank data, bank detail*, bank \
         name, bank number, bank routing, bankdaten, bankgegevens, bankkonto*, bankleitzahl*, bankrekening*, \
         bankverbindung*, bic, blz, card number, carta di credito, cartao de credito, carte de credit, conto \
         corrente, credit card*, creditcard*, cvc, cvv, debit card*, iban, kontoinhaber*, kontonummer*, \
         kreditkarte*, nib, numero da conta, numero de compte, numero de cuenta, numero de tarjeta, \
         rekeningnummer*, rib, routing number, sort code, swift bic, swift code, tarjeta de credito",
    ),
    (
        Category::CreditRating,
        "bkr, bonitat*, classificacao de credito, cote de credit, credit check*, credit history, credit rating*, \
         credit report*, credit score*, creditici*, creditizi*, kredietwaardig*, kreditwurdig*, notation de \
         credit, schufa*, solvabilite, solvencia",
    ),
    (
        Category::IdentityDocument,
        "^nie$, bilhete de identidade, carnet de conducir, carta d identita, carta de conducao, carta di \
         identita, cartao de cidadao, carte d identite, carte nationale, carteira de motorista, cnh, dni, \
         documento de identidad, documento di identita, driver licen*, driver s licen*, drivers licen*, driving \
         licen*, fuhrerschein*, id card number, identiteitsbewijs*, identiteitskaart*, identity card*, identity \
         document*, licence number, license number, licencia de conducir, national id, national identi*, \
         nationalid, numero nie, pasaporte*, paspoort*, passaporte*, passaporto*, passeport*, passport*, patente \
         di guida, permis de conduire, permiso de conducir, personalausweis*, reisepass*, rijbewijs*",
    ),
    (
        Category::SocialSecurity,
        "^sin$, ahv, ahvnummer, bsn, burgerservicenummer*, codice fiscale, inps, insz, national insurance*, ni \
         number, nino number, nir, niss, numero de afiliacion, numero national, numero secu, nuss, previdenza \
         sociale, rentenversicherungsnummer*, rijksregisternummer*, securite sociale, seguranca social, \
         seguridad social, sin number, social insurance*, social security*, sofinummer*, sozialversicherung*, \
         ssn, sv nr, sv nummer, svnr",
    ),
];
