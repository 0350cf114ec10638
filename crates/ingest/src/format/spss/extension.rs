//! The records by which SPSS extended its format over the years: long names, very long texts, sets, encodings. A record that is not
//! known is passed over, as SPSS does; one that is known and broken is a fault.

use super::Fault;
use super::bytes::Bytes;
use super::dictionary::trimmed;

/// The records that matter to us.
#[derive(Debug, Default)]
pub(super) struct Extensions<'b> {
    /// The number of the code page that texts are written in.
    pub(super) code_page: Option<i32>,
    /// The name of the encoding that texts are written in; said since SPSS 16.
    pub(super) encoding: Option<&'b [u8]>,
    /// A number that means a missing cell.
    pub(super) system_missing: Option<f64>,
    /// Pairs of short and long name.
    pub(super) long_names: Vec<(&'b [u8], &'b [u8])>,
    /// Short names of texts longer than 255 bytes, and their lengths.
    pub(super) very_long: Vec<(&'b [u8], usize)>,
    pub(super) sets: Vec<Set<'b>>,
    pub(super) long_labels: Vec<LongLabels<'b>>,
    pub(super) long_missing: Vec<LongMissing<'b>>,
}

/// A multiple-response set.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Set<'b> {
    /// With the `$` that it starts with.
    pub(super) name: &'b [u8],
    pub(super) variables: Vec<&'b [u8]>,
}

/// Value labels of a text longer than 8 bytes.
#[derive(Debug)]
pub(super) struct LongLabels<'b> {
    pub(super) variable: &'b [u8],
    pub(super) labels: Vec<(&'b [u8], &'b [u8])>,
}

/// Missing values of a text longer than 8 bytes.
#[derive(Debug)]
pub(super) struct LongMissing<'b> {
    pub(super) variable: &'b [u8],
    pub(super) values: Vec<&'b [u8]>,
}

impl<'b> Extensions<'b> {
    /// Reads one record, behind the integer that says that it is one.
    pub(super) fn read(&mut self, bytes: &mut Bytes<'b>) -> Result<(), Fault> {
        let kind = bytes.integer()?;
        let (size, count) = (bytes.count()?, bytes.count()?);
        let content = bytes.take(size.checked_mul(count).ok_or(Fault::CutDictionary)?)?;
        let mut content = Bytes::new(content, bytes.order);
        match kind {
            3 => {
                content.take(7 * 4)?;
                self.code_page = Some(content.integer()?);
            }
            4 => self.system_missing = Some(content.double()?),
            7 | 19 => self.sets.extend(sets(content.rest)),
            13 => self.long_names = pairs(content.rest).collect(),
            14 => self.very_long = very_long(content.rest)?,
            20 => self.encoding = Some(trimmed(content.rest)),
            21 => self.long_labels.extend(long_labels(content)?),
            22 => self.long_missing.extend(long_missing(content)?),
            _ => {}
        }
        Ok(())
    }
}

/// `SHORT=long`, parted by tabs.
fn pairs(text: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    text.split(|byte| matches!(byte, b'\t' | 0)).filter_map(|pair| {
        let equals = pair.iter().position(|byte| *byte == b'=')?;
        Some((&pair[..equals], &pair[equals + 1..]))
    })
}

fn very_long(text: &[u8]) -> Result<Vec<(&[u8], usize)>, Fault> {
    let width = |width: &[u8]| std::str::from_utf8(width).ok()?.trim().parse().ok();
    pairs(text)
        .map(|(name, length)| Some((name, width(length)?)))
        .collect::<Option<_>>()
        .ok_or(Fault::Damaged("a very long text without a length"))
}

/// One set on each line: `$name=C 5 Label VAR1 VAR2`, `$name=D1 1 5 Label VAR1 VAR2` with a counted value, or
/// `$name=E 1 1 1 5 Label VAR1 VAR2` with where labels come from. A line that is none of these is no set.
fn sets(text: &[u8]) -> impl Iterator<Item = Set<'_>> {
    text.split(|byte| *byte == b'\n').filter_map(set)
}

fn set(line: &[u8]) -> Option<Set<'_>> {
    let equals = line.iter().position(|byte| *byte == b'=')?;
    let (name, rest) = (line[..equals].trim_ascii(), &line[equals + 1..]);
    let (kind, rest) = rest.split_first()?;
    let rest = match kind {
        b'C' => rest,
        b'D' => counted(rest)?,
        b'E' => counted(word(rest.trim_ascii_start()).1)?,
        _ => return None,
    };
    let names = counted(rest.trim_ascii_start())?;
    let variables = names.split(u8::is_ascii_whitespace).filter(|name| !name.is_empty()).map(trimmed).collect();
    Some(Set { name, variables })
}

/// What follows a text whose length stands before it: `5 Label`.
fn counted(text: &[u8]) -> Option<&[u8]> {
    let (length, rest) = word(text.trim_ascii_start());
    let length: usize = std::str::from_utf8(length).ok()?.parse().ok()?;
    rest.get(1..)?.get(length..)
}

/// The text up to the next blank, and what follows from it on.
fn word(text: &[u8]) -> (&[u8], &[u8]) {
    text.split_at(text.iter().position(|byte| *byte == b' ').unwrap_or(text.len()))
}

fn long_labels(mut content: Bytes<'_>) -> Result<Vec<LongLabels<'_>>, Fault> {
    let mut all = Vec::new();
    while !content.rest.is_empty() {
        let variable = counted_bytes(&mut content)?;
        content.integer()?;
        let count = content.count()?;
        let mut labels = Vec::new();
        for _ in 0..count {
            labels.push((counted_bytes(&mut content)?, counted_bytes(&mut content)?));
        }
        all.push(LongLabels { variable, labels });
    }
    Ok(all)
}

fn long_missing(mut content: Bytes<'_>) -> Result<Vec<LongMissing<'_>>, Fault> {
    let mut all = Vec::new();
    while !content.rest.is_empty() {
        let variable = counted_bytes(&mut content)?;
        let [count] = content.array()?;
        let length = content.count()?;
        let values = (0..count).map(|_| content.take(length)).collect::<Result<_, _>>()?;
        all.push(LongMissing { variable, values });
    }
    Ok(all)
}

fn counted_bytes<'b>(content: &mut Bytes<'b>) -> Result<&'b [u8], Fault> {
    let length = content.count()?;
    content.take(length)
}

#[cfg(test)]
mod tests {
    use super::{Set, set};

    #[test]
    fn a_multiple_response_set_is_a_name_and_its_variables() {
        let is = |line: &'static str, name: &'static str, variables: &[&'static str]| {
            let variables = variables.iter().map(|name| name.as_bytes()).collect();
            assert_eq!(set(line.as_bytes()), Some(Set { name: name.as_bytes(), variables }), "{line}");
        };
        // The first three are examples of PSPP's manual.
        is("$a=C 10 my mcgroup a b c", "$a", &["a", "b", "c"]);
        is("$b=D2 55 0  g e f d", "$b", &["g", "e", "f", "d"]);
        is("$d=E 1 2 34 13 third mdgroup k l m", "$d", &["k", "l", "m"]);
        is("$e=E 11 6 choice 0  n o p", "$e", &["n", "o", "p"]);
    }

    #[test]
    fn a_line_that_is_no_set_gives_none() {
        for line in
            ["", "$a", "$a=", "$a=X 1 2", "$a=C", "$a=C 99 short", "$a=D", "$a=D9 1", "$a=E 1 99999999999999999999 x"]
        {
            assert_eq!(set(line.as_bytes()), None, "{line}");
        }
    }
}
