//! PX, read strictly: keywords with texts or numbers, then as many cells as the values of the dimensions make.

use std::collections::BTreeMap;

use super::{Cube, ReadError, cells};

/// What stands behind a keyword, or a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    /// Between quotation marks.
    Text(String),
    /// A number, or a word without quotation marks.
    Bare(String),
}

/// Reads a PX file with the dimensions row, group and content.
///
/// # Errors
/// When it is no text, a keyword is not closed or stands twice, a dimension has other names, or there are more or fewer cells than the dimensions make.
pub fn px(bytes: &[u8]) -> Result<Cube, ReadError> {
    let text = std::str::from_utf8(bytes).map_err(|error| ReadError::new(0, format!("it is not UTF-8: {error}")))?;
    let mut reader = Reader { rest: text, line: 1 };
    let mut keywords: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut words = Vec::new();
    let mut data = None;
    while let Some((name, line)) = reader.name()? {
        if data.is_some() {
            return Err(ReadError::new(line, format!("{name} stands behind the cells, which are the last")));
        }
        let tokens = reader.tokens()?;
        if name == "DATA" {
            data = Some(tokens);
            continue;
        }
        let values = list(&tokens, line)?;
        words.extend(values.iter().cloned());
        if keywords.insert(name.clone(), values).is_some() {
            return Err(ReadError::new(line, format!("{name} stands there twice")));
        }
    }
    let Some(data) = data else { return Err(ReadError::new(reader.line, "there are no cells: DATA is missing")) };
    let of = |name: &str| keywords.get(name).cloned().unwrap_or_default();
    if of("STUB") != ["row", "group"] || of("HEADING") != ["content"] {
        return Err(ReadError::new(0, "the dimensions are not row and group in the stub and content in the heading"));
    }
    let codes = |name: &str| of(&format!("CODES(\"{name}\")"));
    let values = data.into_iter().map(|(token, line)| Ok((value(token, line)?, line))).collect::<Result<_, _>>()?;
    Ok(Cube { cells: cells(&codes("row"), &codes("group"), &of("VALUES(\"content\")"), values)?, words })
}

/// A cell: a number, or the dots that stand for a reason.
fn value(token: Token, line: usize) -> Result<String, ReadError> {
    let (Token::Text(value) | Token::Bare(value)) = token;
    if value.chars().all(|letter| letter == '.') {
        Ok(String::new())
    } else if value.parse::<f64>().is_ok() {
        Ok(value)
    } else {
        Err(ReadError::new(line, format!("{value:?} is neither a number nor a symbol of dots")))
    }
}

/// The values of a keyword: a text may go on in the next line, and a comma parts two.
fn list(tokens: &[(Token, usize)], line: usize) -> Result<Vec<String>, ReadError> {
    let mut values: Vec<String> = Vec::new();
    let mut is_open = false;
    for (token, line) in tokens {
        match token {
            Token::Bare(comma) if comma == "," && is_open => is_open = false,
            Token::Text(text) if is_open => {
                if let Some(last) = values.last_mut() {
                    last.push_str(text);
                }
            }
            Token::Text(text) => {
                values.push(text.clone());
                is_open = true;
            }
            Token::Bare(number) if !is_open && number != "," => {
                values.push(number.clone());
                is_open = true;
            }
            Token::Bare(word) => return Err(ReadError::new(*line, format!("{word:?} was not expected there"))),
        }
    }
    if is_open { Ok(values) } else { Err(ReadError::new(line, "a keyword has no value behind its last comma")) }
}

struct Reader<'t> {
    rest: &'t str,
    line: usize,
}

impl Reader<'_> {
    /// The next letter, counted as read.
    fn next(&mut self) -> Option<char> {
        let letter = self.rest.chars().next()?;
        self.rest = &self.rest[letter.len_utf8()..];
        self.line += usize::from(letter == '\n');
        Some(letter)
    }

    /// The name of the next keyword, with what stands in brackets, and its line. `None` at the end.
    fn name(&mut self) -> Result<Option<(String, usize)>, ReadError> {
        let blanks = self.rest.len() - self.rest.trim_start().len();
        self.line += self.rest[..blanks].matches('\n').count();
        self.rest = &self.rest[blanks..];
        if self.rest.is_empty() {
            return Ok(None);
        }
        let line = self.line;
        let Some((name, rest)) = self.rest.split_once('=') else {
            return Err(ReadError::new(line, "a keyword is followed by an equals sign"));
        };
        if name.contains(['\n', ';']) {
            return Err(ReadError::new(line, "a keyword is followed by an equals sign"));
        }
        self.rest = rest;
        Ok(Some((name.to_owned(), line)))
    }

    /// What stands before the next semicolon, each with its line.
    fn tokens(&mut self) -> Result<Vec<(Token, usize)>, ReadError> {
        let (mut tokens, mut bare) = (Vec::new(), String::new());
        loop {
            let line = self.line;
            let Some(letter) = self.next() else {
                return Err(ReadError::new(line, "the last keyword is not closed by a semicolon"));
            };
            let ends_word = letter.is_whitespace() || matches!(letter, '"' | ',' | ';');
            if ends_word && !bare.is_empty() {
                tokens.push((Token::Bare(std::mem::take(&mut bare)), line));
            }
            match letter {
                ';' => return Ok(tokens),
                ',' => tokens.push((Token::Bare(",".to_owned()), line)),
                '"' => {
                    let Some(end) = self.rest.find('"') else {
                        return Err(ReadError::new(line, "a quotation mark is not closed"));
                    };
                    let text = self.rest[..end].to_owned();
                    self.line += text.matches('\n').count();
                    self.rest = &self.rest[end + 1..];
                    tokens.push((Token::Text(text), line));
                }
                _ if letter.is_whitespace() => {}
                _ => bare.push(letter),
            }
        }
    }
}
