//! Pages and drawings, taken apart far enough to find their numbers.

/// How a language writes numbers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Language {
    pub(crate) thousands: char,
    pub(crate) decimal: char,
}

/// The numbers of a text, with a point and without marks of thousands: `1.877,5` is `1877.5` in Danish.
pub(crate) fn numbers(text: &str, language: Language) -> Vec<String> {
    let letters: Vec<char> = text.chars().collect();
    let is_digit = |index: usize| letters.get(index).is_some_and(char::is_ascii_digit);
    let mut numbers = Vec::new();
    let mut index = 0;
    while index < letters.len() {
        if !is_digit(index) {
            index += 1;
            continue;
        }
        let mut number = String::new();
        loop {
            while is_digit(index) {
                number.push(letters[index]);
                index += 1;
            }
            let three = (1..=3).all(|step| is_digit(index + step)) && !is_digit(index + 4);
            match letters.get(index) {
                Some(mark) if *mark == language.thousands && three && !number.contains('.') => index += 1,
                Some(mark) if *mark == language.decimal && is_digit(index + 1) && !number.contains('.') => {
                    number.push('.');
                    index += 1;
                }
                _ => break,
            }
        }
        numbers.push(number);
    }
    numbers
}

/// The text between tags.
pub(crate) fn plain(html: &str) -> String {
    let mut text = String::new();
    for (index, piece) in html.split('<').enumerate() {
        let words = if index == 0 { piece } else { piece.split_once('>').map_or("", |(_, words)| words) };
        text.push_str(words);
        text.push(' ');
    }
    for (entity, letter) in
        [("&#39;", "'"), ("&quot;", "\""), ("&lt;", "<"), ("&gt;", ">"), ("&#x2f;", "/"), ("&amp;", "&")]
    {
        text = text.replace(entity, letter);
    }
    text
}

/// A text without the numbers of SIMS concepts, such as `S.13.3.1`.
pub(crate) fn without_concepts(text: &str) -> String {
    let mut rest = String::new();
    for (index, piece) in text.split("S.").enumerate() {
        let is_number = index > 0 && piece.starts_with(|first: char| first.is_ascii_digit());
        let end = piece.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(piece.len());
        rest.push_str(if is_number { &piece[end..] } else { piece });
    }
    rest
}

/// The parts from one mark to another, both in them, and what is left without them.
pub(crate) fn split_off<'t>(text: &'t str, from: &str, to: &str) -> (Vec<&'t str>, String) {
    let (mut parts, mut rest, mut left) = (Vec::new(), String::new(), text);
    while let Some(start) = left.find(from) {
        let end = left[start..].find(to).map_or(left.len(), |end| start + end + to.len());
        rest.push_str(&left[..start]);
        parts.push(&left[start..end]);
        left = &left[end..];
    }
    rest.push_str(left);
    (parts, rest)
}

/// The large numbers of a page, each with the interval that stands at it; and the page without them.
pub(crate) fn keys(html: &str) -> (Vec<String>, String) {
    let (beside, html) = split_off(html, "<p class=\"key\" ", "</p>");
    let (apart, html) = split_off(&html, "<p class=\"key\">", "</span></p>");
    (beside.into_iter().chain(apart).map(plain).collect(), html)
}

/// The names of the claims of a page, and the page without their words.
pub(crate) fn claims(html: &str) -> (Vec<String>, String) {
    let (spans, html) = split_off(html, "<span class=\"claim\" data-claim=\"", "</span>");
    let name = |span: &&str| span.split('"').nth(3).map(str::to_owned);
    (spans.iter().filter_map(name).collect(), html)
}

/// The words of the claims of a page.
pub(crate) fn claim_words(html: &str) -> Vec<String> {
    split_off(html, "<span class=\"claim\" data-claim=\"", "</span>").0.into_iter().map(plain).collect()
}

/// A text of a country without `[words]{claim}`.
pub(crate) fn without_claims(text: &str) -> String {
    let mut rest = String::new();
    for (index, piece) in text.split('[').enumerate() {
        let claim = piece.split_once("]{").and_then(|(_, behind)| behind.split_once('}'));
        rest.push_str(if index == 0 { piece } else { claim.map_or(piece, |(_, behind)| behind) });
    }
    rest
}

/// A figure of a page, or a drawing in a file of its own.
pub(crate) struct Figure<'t> {
    pub(crate) id: String,
    html: &'t str,
}

/// A text of a drawing.
struct Drawn {
    class: String,
    words: String,
    /// Whether it stands at a mark of the scale.
    is_tick: bool,
}

impl<'t> Figure<'t> {
    pub(crate) fn new(html: &'t str) -> Self {
        let id = html.split_once("aria-labelledby=\"").and_then(|(_, rest)| rest.split_once("-h\""));
        Self { id: id.map_or(String::new(), |(id, _)| id.to_owned()), html }
    }

    /// The number that its headline tells.
    pub(crate) fn keys(&self) -> Vec<String> {
        keys(self.html).0
    }

    /// The tables that it links to.
    pub(crate) fn tables(&self) -> Vec<String> {
        let links = self.html.split("data/").skip(1).filter_map(|rest| rest.split_once(".csv\""));
        links.map(|(name, _)| name).filter(|name| !name.contains(['"', ' '])).map(str::to_owned).collect()
    }

    fn texts(&self) -> Vec<Drawn> {
        let mut texts = Vec::new();
        for svg in split_off(self.html, "<svg ", "</svg>\n<").0 {
            let mut before = "";
            for tag in svg.split('<').skip(1) {
                if let Some(attributes) = tag.strip_prefix("text ") {
                    let (attributes, words) = attributes.split_once('>').unwrap_or((attributes, ""));
                    let class = attributes.split_once("class=\"").and_then(|(_, rest)| rest.split_once('"'));
                    let class = class.map_or(String::new(), |(class, _)| class.to_owned());
                    texts.push(Drawn { class, words: plain(words), is_tick: before.starts_with("line class=\"scale") });
                }
                if !tag.starts_with('/') {
                    before = tag;
                }
            }
        }
        texts
    }

    /// The numbers at its marks, each with the limits that are written at it.
    pub(crate) fn drawn(&self) -> Vec<(String, String)> {
        let texts = self.texts();
        let pairs = texts.windows(2).filter(|pair| Self::is_pair(pair));
        pairs.map(|pair| (pair[0].words.clone(), pair[1].words.clone())).collect()
    }

    fn is_pair(pair: &[Drawn]) -> bool {
        let is_value = ["value", "large"].contains(&pair[0].class.as_str());
        is_value && pair[1].class.starts_with("quiet") && pair[1].words.contains('–')
    }

    /// What else is written in it, but for the scale.
    pub(crate) fn other_texts(&self) -> Vec<String> {
        let texts = self.texts();
        let is_of_pair = |index: usize| {
            texts.get(index..index + 2).is_some_and(Self::is_pair)
                || index > 0 && texts.get(index - 1..=index).is_some_and(Self::is_pair)
        };
        let others = texts.iter().enumerate().filter(|(index, text)| !text.is_tick && !is_of_pair(*index));
        others.map(|(_, text)| text.words.clone()).collect()
    }

    fn descriptions(&self) -> Vec<String> {
        split_off(self.html, "<desc ", "</desc>").0.into_iter().map(plain).collect()
    }

    /// The estimates that its alternative text tells with an interval: what stands before a bracket, and what in it.
    pub(crate) fn described(&self) -> Vec<(String, String)> {
        let mut pairs = Vec::new();
        for description in self.descriptions() {
            let pieces: Vec<&str> = description.split("(95").collect();
            for (before, behind) in pieces.iter().zip(pieces.iter().skip(1)) {
                let value = before.rsplit([':', ';']).next().unwrap_or(before);
                let value = value.rsplit(", ").next().unwrap_or(value);
                let limits = behind.split_once(')').map_or(*behind, |(limits, _)| limits);
                pairs.push((value.to_owned(), limits.to_owned()));
            }
        }
        pairs
    }

    /// The cells of each row of its table, without the labels.
    pub(crate) fn rows(&self) -> Vec<Vec<String>> {
        let body = self.html.split_once("<tbody>").and_then(|(_, body)| body.split_once("</tbody>"));
        let body = body.map_or("", |(body, _)| body);
        let rows = body.split("<tr").skip(1);
        rows.map(|row| row.split("<td").skip(1).map(|cell| plain(&format!("<td{cell}"))).collect()).collect()
    }

    /// Headline, title, alternative text and caption.
    pub(crate) fn words(&self) -> Vec<String> {
        let (_, rest) = keys(self.html);
        let (_, rest) = split_off(&rest, "<tbody>", "</tbody>");
        let (_, rest) = split_off(&rest, "<text ", "</text>");
        let (_, rest) = split_off(&rest, "<style>", "</style>");
        vec![plain(&rest)]
    }

    /// How many marks, labels and groups there are, of which the alternative text tells one.
    pub(crate) fn counts(&self) -> impl Iterator<Item = usize> {
        let is_label = |text: &&Drawn| text.class.starts_with("label");
        let wide = self.texts();
        let values = wide.iter().filter(|text| text.class == "value").count();
        let labels = wide.iter().filter(is_label).count();
        let rows = self.rows().len();
        let drawings = self.html.matches("<svg class=\"chart").count().max(1);
        let groups = self.html.split("<tr").skip(2).filter_map(|row| row.split("<th scope=\"row\">").nth(1));
        let groups: std::collections::BTreeSet<&str> = groups.filter_map(|label| label.split('<').next()).collect();
        [values / drawings, labels / drawings, rows, groups.len()].into_iter()
    }
}
