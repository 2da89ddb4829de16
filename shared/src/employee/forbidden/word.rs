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
         etnic*, etnis*, hautfarbe, hispanic*, huidskleur, indigenous, national origin, raca, race, racial*, \
         rasse, raza, razza, skin colo*, visible minorit*",
    ),
    (
        Category::Politics,
        "affiliation politi*, affiliazione politica, afiliacion politica, convicciones politicas, filiacao \
         partidaria, filiacao politica, ideologia, ideologia politica, ideologie, ideology, opiniao politica, \
         opinion politi*, opinione politica, opiniones politicas, opinioni politiche, opinions politi*, opinions \
         politiques, orientacion politica, orientamento politico, orientation politique, partei, parteibuch, \
         parteimitglied*, parteizugehorig*, parti politique, partido politico, partijlidmaatschap, partito \
         politico, party affiliation*, party member*, political*, politiek*, politisch*, tendencia politica",
    ),
    (
        Category::Religion,
        "8 per mille, 8xmille, ^church$, church affiliation, church member*, church tax*, confesion, confessie, \
         confession, confissao, creed, creencia*, crenca*, croyance*, denomination, faith, geloof*, glaube, \
         glaubens*, halal, iglesia, kerkbelasting, kerkelijk*, kerkgenootschap, kirche, kirchenmitglied*, \
         kirchensteuer*, kirchenzugehorig*, kirchlich*, konfession*, kosher, otto per mille, religia*, religie*, \
         religio*, tax election*",
    ),
    (
        Category::TradeUnion,
        "^union$, gewerkschaft*, labor union*, labour union*, sindaca*, sindica*, syndical*, syndicat, syndicats, \
         syndique*, trade union*, union code, union delegate*, union dues, union fee*, union member*, union name, \
         union rep, union representative*, union status, unionised, unionized, vakbond*, vakvereniging*",
    ),
    (
        Category::Health,
        "^gesundheit$, ^health$, ^salud$, ^salute$, ^sante$, ^saude$, adn, alergi*, allergi*, arbeidsongeschikt*, \
         arbeitsunfahig*, arztlich*, asthma*, behinder*, bloedgroep*, blood, blood*, blutgruppe*, categori* \
         protett*, chronic*, chronisch*, covid*, deficien*, diabet*, diagnose, diagnosen, diagnoses, diagnosi, \
         diagnosis, diagnostico*, disabilit*, disabled employee*, disabled person*, disabled status, disabled \
         veteran*, disabled worker*, discapa*, disease*, dna, doenca*, embaraz*, enfermedad*, epilep*, erkrank*, \
         estado de salud, estado de saude, etat de sante, fit note*, gehandicap*, genet*, gesundheits*, \
         gezondheid*, gravidanza, gravidez, grossesse*, handicap*, health condition*, health data, health \
         history, health issue*, health problem*, health record*, health status, hiv, illness*, impfstatus, \
         impfung*, incapacidad*, incapacite*, invalidez, invalidita, invalidite, krank, krank*, maladie*, \
         malatt*, medic*, medikament*, medisch*, medizin*, mental health, minusvali*, neurodivers*, pregnan*, \
         rhesus, rqth, sanguign*, sanguin*, schwanger*, schwerbehind*, sick day*, sick leave, sickness*, special \
         needs, state of health, stato di salute, vaccin*, vacin*, vacun*, ziekte*, zwanger*",
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
        "bisexual*, geaardheid, heterosexual*, homosexual*, lgbt*, omosessual*, orientacao sexual, orientacion \
         sexual, orientamento sessuale, orientation sexuelle, preferencia* sexual*, seksualiteit, seksuele \
         voorkeur, sessualita, sex life, sexual identity, sexual orientation, sexual preference*, sexualidad*, \
         sexualit*, sexuelle orientierung, vida sexual, vie sexuelle, vita sessuale",
    ),
    (
        Category::CriminalRecord,
        "^dbs$, antecedentes criminais, antecedentes criminales, antecedentes penales, antecedentes policiales, \
         arrest record*, background check*, background screening, barred list*, barring service, carichi \
         pendenti, casellario*, casier, certificado de antecedentes, certificado de penales, conviction*, \
         criminal*, dbs certificate*, dbs check*, dbs disclosure, dbs number, dbs status, delito*, enhanced dbs, \
         felony, folha corrida, fuhrungszeugnis*, hintergrundprufung*, justitiele, police check*, police \
         clearance, police record*, polizeilich*, precedenti penali, sex offen*, strafblad, strafrechtelijk*, \
         strafregister*, verklaring omtrent*, vog, vorbestraft, vorstrafe*",
    ),
    (
        Category::BankDetails,
        "^bank$, account holder*, account number, bancair*, bancari*, bank account*, bank code, bank data, bank \
         detail*, bank name, bank number, bank routing, bankdaten, bankgegevens, bankkonto*, bankleitzahl*, \
         bankrekening*, bankverbindung*, bic, blz, card number, carta di credito, cartao de credito, carte de \
         credit, codigo cuenta cliente, conto corrente, credit card*, creditcard*, cuenta corriente, cvc, cvv, \
         debit card*, iban, kontodaten, kontoinhaber*, kontonr, kontonummer*, kontoverbindung*, kreditkarte*, n \
         de cuenta, nib, no de cuenta, numero conto, numero da conta, numero de compte, numero de conta, numero \
         de cuenta, numero de tarjeta, nº de cuenta, payment card*, rekeningnummer*, rib, routing number, sort \
         code, swift bic, swift code, tarjeta de credito, titular de la cuenta",
    ),
    (
        Category::CreditRating,
        "bkr, bonitat*, classificacao de credito, cote de credit, credit check*, credit history, credit rating*, \
         credit report*, credit score*, creditici*, creditizi*, fico score*, kredietwaardig*, kreditwurdig*, \
         notation de credit, schufa*, score de credit, solvabilite, solvencia",
    ),
    (
        Category::IdentityDocument,
        "^id number$, ^nie$, aufenthaltstitel*, autorizacao de residencia, bilhete de identidade, carnet de \
         conducir, carnet de identidad, carta d identita, carta de conducao, carta di identita, cartao de \
         cidadao, carte d identite, carte nationale, carteira de motorista, cedula de identidad, cnh, dni, \
         documento de identidad, documento di identita, driver licen*, driver s licen*, drivers licen*, driving \
         licen*, fuhrerschein*, id card number, id card*, identiteitsbewijs*, identiteitskaart*, identity card*, \
         identity document*, licence number, licencia de conducir, license number, national id, national identi*, \
         nationalid, nif, numero nie, pasaporte*, paspoort*, passaporte*, passaporto*, passeport*, passport*, \
         patente di guida, permesso di soggiorno, permis de conduire, permiso de conducir, permiso de residencia, \
         personalausweis*, reisepass*, residence permit*, rijbewijs*, titre de sejour, verblijfsvergunning*, visa \
         number*",
    ),
    (
        Category::SocialSecurity,
        "^avs$, ^naf$, ^sin$, ahv, ahvnummer, bsn, burgerservicenummer*, codice fiscale, cpf, inps, insz, \
         national insurance*, ni number, nin, nino number, nir, niss, nss, numero avs, numero de afiliacion, numero \
         insee, numero national, numero secu, nuss, pps number, ppsn, previdenza sociale, \
         rentenversicherungsnummer*, rijksregisternummer*, rvnr, securite sociale, seg social, seguranca social, \
         seguridad social, sin number, social insurance*, social security*, sofinummer*, sozialversicherung*, \
         ssn, sv nr, sv nummer, svnr, tax file number*, tfn, vsnr",
    ),
];
