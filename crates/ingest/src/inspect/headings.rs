//! Words in the headings of columns that say that a column tells who a respondent, or anybody else, is.
//!
//! They are whole words, in the Nordic languages, Dutch, German, Spanish, Portuguese and English. Acute accents and tildes, which are often left
//! out, count for nothing, nor do numbers behind a word (`telefono2`), and two words may be written as one (`CPR-nr`).

use super::personal::Personal;

/// Words that a column's name holds, by what it then holds.
const WORDS: [(Personal, &str); 7] = [
    (
        Personal::Email,
        "email mail epost mailadresse mailadr emailadresse emailaddress emailadres epostadresse epostadress \
         sähköposti sähköpostiosoite netfang tölvupostur correo correoelectronico",
    ),
    (
        Personal::Phone,
        "phone telephone phonenumber phonenr cellphone cell fax whatsapp telefon tlf tlfnr telefonnr telefonnummer \
         mobil mobile mobilnr mobilnummer mobiltelefon tel telnr telefoon telefoonnummer mobiel gsm handynummer \
         rufnummer puhelin puhelinnumero matkapuhelin simi simanumer farsimi telefono movil celular fone telefone \
         telemovel",
    ),
    (
        Personal::PersonalNumber,
        "cpr cprnr cprnummer personnummer personnr pnr samordningsnummer fødselsnummer fødselsnr fodselsnummer \
         fodselsnr fnr henkilötunnus henkilönumero hetu sotu kennitala bsn burgerservicenummer sofinummer ssn \
         nationalid idcard passport pas passnummer pasnummer passnr cedula dni nie nif curp rut pasaporte documento \
         cpf rg passaporte",
    ),
    (Personal::IpAddress, "ip ipaddress ipaddr ipadresse"),
    (
        Personal::Coordinates,
        "latitude longitude lat lng coordinates koordinater koordinaatit coordenadas gps breddegrad længdegrad \
         lengdegrad latitud longitud",
    ),
    (
        Personal::Name,
        "name names firstname lastname fullname navn navnet namn namnet nimi nafn naam vorname nachname nombre \
         nombres apellido apellidos nome nomes sobrenome apelido contact kontakt kontaktperson contactpersoon \
         yhteyshenkilö tengiliður contacto contato",
    ),
    (
        Personal::Address,
        "address adresse adress osoite lähiosoite katuosoite heimilisfang adres direccion street gade vejnavn \
         postadresse postadress gateadresse gatuadress straat straße strasse anschrift domicilio calle endereço \
         endereco morada logradouro",
    ),
];

/// How names of columns that hold names end, in languages that write words together: `fornavn`, `surname`, `etunimi`.
const NAME_ENDINGS: [&str; 6] = ["navn", "name", "namn", "naam", "nimi", "nafn"];

/// Who interviews, counts or handles a case. A number stands for one of them as a name does.
const INTERVIEWERS: &str = "interviewer interviewers enumerator fieldworker surveyor caseworker casehandler sagsbehandler intervieweren \
     saksbehandler intervjuer intervjuar intervjuare intervjuaren handläggare haastattelija spyrill entrevistador \
     entrevistadora encuestador encuestadora enqueteur sachbearbeiter";

/// Who a workplace, a school or a household may be asked to name. Their column may also tell something about them, such as whether there is one.
const PERSONS: [&str; 5] = [
    // English
    "respondent informant person participant leader manager head headteacher principal director supervisor teacher \
     coordinator advisor adviser owner ceo signatory signature initials patient client pupil student spouse \
     colleague",
    // Danish, Norwegian, Swedish
    "leder lederen leiar ledare chef chefen sjef direktør direktören direktör rektor forstander skoleleder lærer \
     lärare pædagog konsulent rådgiver rådgivare ansvarlig ansvarig udfylder besvarer svarperson deltager \
     deltaker deltagare ejer eier ägare elev borger initialer initialar underskrift signatur namnteckning",
    // Finnish, Icelandic
    "vastaaja johtaja esimies esihenkilö rehtori opettaja omistaja oppilas nimikirjaimet allekirjoitus svarandi \
     stjornandi yfirmaður skolastjori forstöðumaður kennari eigandi nemandi",
    // Dutch, German
    "invuller leidinggevende directeur schoolleider leraar docent eigenaar leerling initialen \
     handtekening leiter leiterin lehrer lehrerin befragter schüler inhaber",
    // Spanish, Portuguese
    "respondente encuestado encuestada entrevistado entrevistada informante director directora jefe jefa gerente responsable \
     maestro maestra profesor profesora alumno alumna iniciales firma diretor diretora chefe responsavel professor \
     professora aluno aluna iniciais assinatura",
];

/// Words beside a person's that say that a column tells something about them, and not who they are.
const TRAITS: &str = "type role rolle roll rol rooli group gruppe grupp groep grupo category kategori categoria status gender age \
     alder ålder level niveau nivå region title stilling position occupation education uddannelse utdanning \
     utbildning";

/// A heading of more words asks a question, in which any of these words may stand.
const SHORT_HEADING: usize = 5;

/// The words of a column's name, in small letters: `RecipientLastName` and `recipient_last_name` have the same.
pub(super) fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before_is_small = false;
    for character in name.chars() {
        let starts = character.is_uppercase() && before_is_small;
        if starts || !character.is_alphanumeric() {
            words.push(String::new());
        }
        if character.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(character.to_lowercase());
        }
        before_is_small = character.is_lowercase();
    }
    words.retain(|word| !word.is_empty());
    words
}

/// What a column of this name may tell about who answered. Its cells decide whether it does.
pub(super) fn by_name(name: &str) -> Option<Personal> {
    let words = heading_words(name);
    let pairs = words.windows(2).map(|pair| pair.concat());
    let all: Vec<String> = words.iter().cloned().chain(pairs).collect();
    let has = |known: &str| all.iter().any(|word| is_among(word, known));
    let ends_as_name = || words.iter().any(|word| NAME_ENDINGS.iter().any(|ending| word.ends_with(ending)));
    let named = WORDS.iter().find(|(_, known)| has(known)).map(|(personal, _)| *personal);
    named.or_else(|| ends_as_name().then_some(Personal::Name))
}

/// Whose column it may be, by a heading that is no question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whose {
    /// An interviewer's, whom a number may stand for.
    Interviewer,
    /// That of another person.
    Person,
}

/// Which person a short heading names.
pub(super) fn whose(heading: &str) -> Option<Whose> {
    let words = heading_words(heading);
    let has = |known: &str| words.iter().any(|word| is_among(word, known));
    if !is_short(heading) || tells_a_trait(heading) {
        None
    } else if has(INTERVIEWERS) {
        Some(Whose::Interviewer)
    } else {
        PERSONS.into_iter().any(has).then_some(Whose::Person)
    }
}

/// Whether a heading says what somebody or something is like.
pub(super) fn tells_a_trait(heading: &str) -> bool {
    heading_words(heading).iter().any(|word| is_among(word, TRAITS))
}

/// Whether a word is one of a list, which are parted by blanks.
pub(super) fn is_among(word: &str, known: &str) -> bool {
    known.split(' ').any(|known| known == word)
}

/// Whether a heading is too short to be a question.
pub(super) fn is_short(heading: &str) -> bool {
    words(heading).len() <= SHORT_HEADING
}

/// The words as the lists have them.
fn heading_words(heading: &str) -> Vec<String> {
    let plain =
        |word: String| word.trim_end_matches(|it: char| it.is_ascii_digit()).chars().map(without_accent).collect();
    words(heading).into_iter().map(plain).filter(|word: &String| !word.is_empty()).collect()
}

/// A letter without the accents that are often left out; letters of their own, such as `å`, stay.
fn without_accent(letter: char) -> char {
    match letter {
        'á' | 'à' | 'â' | 'ã' => 'a',
        'é' | 'è' | 'ê' => 'e',
        'í' => 'i',
        'ó' | 'ô' | 'õ' => 'o',
        'ú' => 'u',
        'ý' => 'y',
        'ñ' => 'n',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::{Personal, Whose, by_name, whose};

    #[test]
    fn names_of_columns_tell_what_identifies() {
        for (name, personal) in [
            ("email", Some(Personal::Email)),
            ("RecipientEmail", Some(Personal::Email)),
            ("e_mail", Some(Personal::Email)),
            ("RecipientLastName", Some(Personal::Name)),
            ("fornavn", Some(Personal::Name)),
            ("IPAddress", Some(Personal::IpAddress)),
            ("LocationLatitude", Some(Personal::Coordinates)),
            ("tlf_nr", Some(Personal::Phone)),
            ("cpr", Some(Personal::PersonalNumber)),
            ("s_1_1", None),
            ("region", None),
            ("employees", None),
        ] {
            assert_eq!(by_name(name), personal, "{name}");
        }
    }

    #[test]
    fn numbers_of_persons_and_telephones_have_names_in_every_language() {
        for (name, personal) in [
            ("cedula", Personal::PersonalNumber),
            ("Cédula de identidad", Personal::PersonalNumber),
            ("CPR-nr.", Personal::PersonalNumber),
            ("national_id", Personal::PersonalNumber),
            ("Fødselsnr", Personal::PersonalNumber),
            ("CPF", Personal::PersonalNumber),
            ("Henkilötunnus", Personal::PersonalNumber),
            ("fone", Personal::Phone),
            ("telefone2", Personal::Phone),
            ("Teléfono móvil", Personal::Phone),
            ("símanúmer", Personal::Phone),
            ("puhelinnumero", Personal::Phone),
            ("Phone number", Personal::Phone),
        ] {
            assert_eq!(by_name(name), Some(personal), "{name}");
        }
    }

    #[test]
    fn headings_name_persons_in_every_language() {
        for (name, person) in [
            ("interviewer", Some(Whose::Interviewer)),
            ("Sagsbehandler", Some(Whose::Interviewer)),
            ("haastattelija_1", Some(Whose::Interviewer)),
            ("leder", Some(Whose::Person)),
            ("Respondent", Some(Whose::Person)),
            ("head teacher", Some(Whose::Person)),
            ("skólastjóri", Some(Whose::Person)),
            ("Responsable", Some(Whose::Person)),
            ("leadership", None),
            ("respondent_gender", None),
            ("How often does your leader ask for ideas?", None),
        ] {
            assert_eq!(whose(name), person, "{name}");
        }
        for name in
            ["etunimi", "eftirnafn", "Apellidos", "Interviewer name", "name of head teacher", "voornaam", "nome"]
        {
            assert_eq!(by_name(name), Some(Personal::Name), "{name}");
        }
    }
}
