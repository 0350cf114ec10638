//! Words of answers that questionnaires offer, by which a column of answers is told from one of names.

use super::headings;

/// Words that answers hold and names of persons do not, in the languages of [`headings`].
const WORDS: [&str; 7] = [
    // yes and no
    "yes no ja nej nei nein nee já kyllä ei sí si sim não nao true false maybe måske kanskje kanske ehkä kannski \
     misschien vielleicht quizás quizá talvez both begge neither partly delvist delvis osittain gedeeltelijk \
     teilweise parcialmente",
    // no opinion, no answer
    "know don't dont not unknown unsure answer answered refused relevant applicable none other others else ved vet \
     ikke ikkje inte ubesvaret ukendt ukjent okänd svare svar andet annet annat ingen intet osaa sanoa muu veit ekki \
     svara annað weet niet anders geen weiß nicht andere sabe contesta responde otro otra otros ninguno ninguna \
     outro outra nenhum nenhuma",
    // degree
    "extent degree omfang utsträckning medida grau very meget mycket svært veldig mjög erittäin heel sehr muy muito \
     rather quite fairly somewhat slightly completely totally fully partially at all great large small high higher \
     low lower medium middle stort lille lav høj høy hög låg suuri pieni hoog laag hoch niedrig bajo baja baixo \
     baixa some noget noe något mucho mucha poco poca nada algo pouco more less fewer same mere mindre flere færre \
     más menos much little many few most",
    // agreement, quality
    "agree disagree strongly enig uenig helt delvist hverken verken varken instämmer samaa mieltä sammála ósammála \
     eens oneens stimme zu acuerdo desacuerdo concordo discordo neutral neutralt satisfied dissatisfied tilfreds \
     utilfreds fornøyd misfornøyd nöjd missnöjd tyytyväinen tevreden zufrieden satisfecho satisfeito important \
     unimportant vigtigt viktig viktigt tärkeä belangrijk wichtig importante good bad poor fair excellent better \
     worse godt dårlig dårligt bra dålig hyvä huono goed slecht gut schlecht bueno buena malo mala regular ruim \
     positive negative positiv negativ",
    // frequency and time
    "always often sometimes rarely seldom never daily weekly monthly yearly annually quarterly month year years \
     months altid alltid ofte ofta sjældent sjelden sällan ibland aldri aldrig dagligt daglig ugentligt månedligt \
     årligt aina usein joskus harvoin koskaan alltaf oft stundum sjaldan aldrei altijd vaak soms zelden nooit immer \
     manchmal selten siempre nunca veces sempre vezes raramente diario semanal mensual anual",
    // what a person or a unit is
    "male female woman men women mand kvinde kvinne kvinna nainen vrouw hombre mujer masculino femenino homem mulher \
     feminino full time permanent temporary public private offentlig privat publico público privado sector \
     government municipality municipal regional national central local state federal kommune kommun region regionen \
     stat staten primary secondary internal external intern ekstern new old north south east west nord syd sør øst \
     vest norte sur este oeste urban rural",
    // what was ticked or done
    "ticked selected chosen checked mentioned valgt completed complete incomplete started planned done active \
     inactive open closed approved rejected default response survey preview",
];

/// Whether a text is an answer that a questionnaire offered, by one of its words, or a mark such as `X`.
pub(super) fn is_answer(text: &str) -> bool {
    if text.chars().count() == 1 {
        return true;
    }
    let text = text.to_lowercase();
    text.split(|it: char| !it.is_alphanumeric() && it != '\'')
        .any(|word| WORDS.into_iter().any(|known| headings::is_among(word, known)))
}

/// Whether all of these texts are; none are none.
pub(super) fn are_answers<'t>(texts: impl IntoIterator<Item = &'t str>) -> bool {
    let mut texts = texts.into_iter().peekable();
    texts.peek().is_some() && texts.all(is_answer)
}
