//! An argument of the command line, and the pieces that separators cut it into.
//!
//! Separators count only outside quotes and brackets, and the last one wins, so an expression may hold the same characters
//! in front of it: `CASE WHEN a = 'x:y' THEN 1 ELSE 0 END:0.5` is an expression and a probability. Each piece knows where in
//! the argument it stands, so that findings point there.

use std::ops::Range;

use crate::{Finding, Place};

/// The value of a flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Argument<'a> {
    /// The flag, as findings show it: `--mean`.
    pub flag: &'a str,
    /// What the user wrote.
    pub text: &'a str,
}

/// A part of an argument.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece<'a> {
    argument: Argument<'a>,
    /// The bytes of the argument's text that are this part.
    from: usize,
    to: usize,
}

impl<'a> Piece<'a> {
    pub(super) fn whole(argument: Argument<'a>) -> Self {
        Self { argument, from: 0, to: argument.text.len() }
    }

    pub(super) fn text(&self) -> &'a str {
        &self.argument.text[self.from..self.to]
    }

    /// The piece without the blanks around it.
    pub(super) fn trimmed(self) -> Self {
        let text = self.text();
        let from = self.from + (text.len() - text.trim_start().len());
        let to = from + text.trim().len();
        Self { from, to, ..self }
    }

    /// The place of its first character.
    pub(super) fn start(&self) -> Place {
        self.place_at(self.from)
    }

    /// Where a line and column of this piece stand in the argument. Behind its end is its end.
    pub(super) fn place_of(&self, line: u64, column: u64) -> Place {
        let (mut at_line, mut at_column) = (1, 1);
        for (offset, character) in self.text().char_indices() {
            if (at_line, at_column) == (line, column) {
                return self.place_at(self.from + offset);
            }
            (at_line, at_column) = after(character, (at_line, at_column));
        }
        self.place_at(self.to)
    }

    fn place_at(&self, offset: usize) -> Place {
        let (line, column) = self.argument.text[..offset].chars().fold((1, 1), |at, character| after(character, at));
        let count = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        Place::Text { file: self.argument.flag.to_owned(), line: count(line), column: count(column) }
    }

    /// The text inside `quote`s, which stand twice where they are meant; `None` if it does not stand in quotes as a whole.
    pub(super) fn unquoted(&self, quote: char) -> Option<String> {
        let inside = self.text().strip_prefix(quote)?.strip_suffix(quote)?;
        let doubled: String = [quote, quote].iter().collect();
        let is_one = !inside.replace(&doubled, "").contains(quote);
        is_one.then(|| inside.replace(&doubled, &quote.to_string()))
    }

    /// What stands before and behind the last separator.
    pub(super) fn cut_at_last(&self, separator: char) -> Result<Option<(Self, Self)>, Vec<Finding>> {
        Ok(self.separators(separator)?.last().map(|at| self.cut(at)))
    }

    /// What stands before and behind the first separator.
    pub(super) fn cut_at_first(&self, separator: char) -> Result<Option<(Self, Self)>, Vec<Finding>> {
        Ok(self.separators(separator)?.first().map(|at| self.cut(at)))
    }

    /// What stands between the separators: one piece more than there are separators.
    pub(super) fn cut_at_each(&self, separator: char) -> Result<Vec<Self>, Vec<Finding>> {
        let mut pieces = Vec::new();
        let mut rest = *self;
        for at in self.separators(separator)? {
            let (before, behind) = rest.cut(&at);
            pieces.push(before);
            rest = behind;
        }
        pieces.push(rest);
        Ok(pieces)
    }

    fn cut(&self, at: &Range<usize>) -> (Self, Self) {
        (Self { to: at.start, ..*self }, Self { from: at.end, ..*self })
    }

    /// Where the separator stands outside quotes and brackets.
    fn separators(&self, separator: char) -> Result<Vec<Range<usize>>, Vec<Finding>> {
        let mut separators = Vec::new();
        let mut quote: Option<(char, usize)> = None;
        let mut depth = 0_usize;
        for (offset, character) in self.text().char_indices() {
            let offset = self.from + offset;
            match (quote, character) {
                (Some((open, _)), character) if character == open => quote = None,
                (Some(_), _) => {}
                (None, '\'' | '"') => quote = Some((character, offset)),
                (None, '(') => depth += 1,
                (None, ')') => depth = depth.saturating_sub(1),
                (None, character) if character == separator && depth == 0 => {
                    separators.push(offset..offset + character.len_utf8());
                }
                (None, _) => {}
            }
        }
        match quote {
            None => Ok(separators),
            Some((open, offset)) => {
                let message = format!("the quote {open} opens here and is never closed");
                let finding = Finding::error(self.place_at(offset), "unclosed-quote", message);
                Err(vec![finding.hint("a quote inside a quoted text stands twice: 'it''s'")])
            }
        }
    }
}

/// The line and column behind a character.
fn after(character: char, (line, column): (u64, u64)) -> (u64, u64) {
    if character == '\n' { (line + 1, 1) } else { (line, column + 1) }
}
