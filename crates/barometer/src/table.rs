//! Tables of text: columns as wide as their widest cell, and no line longer than the reader has room for.
//!
//! Where a table is too wide, the widest columns of texts become narrower and their cells wrap; numbers never do. A text that would take more
//! than a few lines is cut. This file knows nothing of what its cells mean.

/// Text columns are not made narrower than this, whatever the width of the table.
const NARROWEST: usize = 10;
/// Lines of a wrapped cell.
const LINES_AT_MOST: usize = 3;

/// A cell of a table.
pub(crate) struct Cell {
    text: String,
    side: Side,
}

/// Where a cell's text stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Left,
    Right,
}

impl Cell {
    /// A text of the file or the command line: a line break or an escape in it must not reach the terminal.
    pub(crate) fn left(text: impl AsRef<str>) -> Self {
        let shown = |character: char| if character.is_control() { '\u{fffd}' } else { character };
        Self { text: text.as_ref().chars().map(shown).collect(), side: Side::Left }
    }

    /// A number.
    pub(crate) fn right(text: impl AsRef<str>) -> Self {
        Self { text: text.as_ref().to_owned(), side: Side::Right }
    }

    fn width(&self) -> usize {
        self.text.chars().count()
    }

    /// The cell's lines in a column of this width.
    fn lines(&self, width: usize, most: usize) -> Vec<String> {
        match self.side {
            Side::Right => vec![self.text.clone()],
            Side::Left => wrapped(&self.text, width, most),
        }
    }
}

/// A table of rows with as many cells as the header, in lines of at most so many characters if its texts allow that.
pub(crate) fn aligned(header: &[Cell], rows: &[Vec<Cell>], most: usize) -> String {
    let widths = widths(header, rows, most);
    let rule = "─".repeat(widths.iter().sum::<usize>() + 2 * widths.len().saturating_sub(1));
    let above = std::iter::once(None).chain(rows.iter().map(Some));
    let body: String = rows.iter().zip(above).map(|(row, above)| printed(row, above, &widths)).collect();
    format!("{}{rule}\n{body}", printed(header, None, &widths))
}

/// The width of each column. Text columns give way, the widest first.
fn widths(header: &[Cell], rows: &[Vec<Cell>], most: usize) -> Vec<usize> {
    let all = || std::iter::once(header).chain(rows.iter().map(Vec::as_slice));
    let width = |column: usize| all().filter_map(|row| row.get(column)).map(Cell::width).max().unwrap_or(0);
    let mut widths: Vec<usize> = (0..header.len()).map(width).collect();
    let gaps = 2 * widths.len().saturating_sub(1);
    while widths.iter().sum::<usize>() + gaps > most {
        let texts = (0..header.len()).filter(|column| header[*column].side == Side::Left);
        let Some(widest) = texts.filter(|column| widths[*column] > NARROWEST).max_by_key(|column| widths[*column])
        else {
            break;
        };
        widths[widest] -= 1;
    }
    widths
}

/// A row, on as many lines as its highest cell. A text that stands in the row above, too, has one line.
fn printed(row: &[Cell], above: Option<&Vec<Cell>>, widths: &[usize]) -> String {
    let lines = |(column, cell): (usize, &Cell)| {
        let is_repeated = above.is_some_and(|above| above.get(column).is_some_and(|above| above.text == cell.text));
        cell.lines(widths[column], if is_repeated { 1 } else { LINES_AT_MOST })
    };
    let cells: Vec<Vec<String>> = row.iter().enumerate().map(lines).collect();
    let height = cells.iter().map(Vec::len).max().unwrap_or(0);
    let line = |number: usize| {
        let parts = cells.iter().zip(row).zip(widths).map(|((lines, cell), width)| {
            let text = lines.get(number).map_or("", String::as_str);
            let blanks = " ".repeat(width.saturating_sub(text.chars().count()));
            match cell.side {
                Side::Left => format!("{text}{blanks}"),
                Side::Right => format!("{blanks}{text}"),
            }
        });
        format!("{}\n", parts.collect::<Vec<_>>().join("  ").trim_end())
    };
    (0..height).map(line).collect()
}

/// A text in lines of at most so many characters, broken between words where there are any. What does not fit the lines that a cell may
/// have is left out, and an ellipsis says so.
pub(crate) fn wrapped(text: &str, width: usize, most: usize) -> Vec<String> {
    if text.chars().count() <= width {
        return vec![text.to_owned()];
    }
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let length = |line: &String| line.chars().count();
        let last = lines.last_mut().expect("there is a line from the start");
        if last.is_empty() && word.chars().count() <= width {
            last.push_str(word);
        } else if length(last) + 1 + word.chars().count() <= width {
            last.push(' ');
            last.push_str(word);
        } else {
            // A word of more than a line is broken where the line ends.
            for (place, character) in word.chars().enumerate() {
                let is_full = lines.last().is_some_and(|line| length(line) >= width);
                if is_full || (place == 0 && lines.last().is_some_and(|line| !line.is_empty())) {
                    lines.push(String::new());
                }
                lines.last_mut().expect("there is a line from the start").push(character);
            }
        }
    }
    if lines.len() > most {
        lines.truncate(most);
        let last = lines.last_mut().expect("a few lines are left");
        while last.chars().count() >= width {
            last.pop();
        }
        last.push('…');
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::{Cell, LINES_AT_MOST, aligned};

    fn wrapped(text: &str, width: usize) -> Vec<String> {
        super::wrapped(text, width, LINES_AT_MOST)
    }

    #[test]
    fn texts_wrap_between_words_and_long_words_anywhere() {
        assert_eq!(wrapped("a share", 12), ["a share"]);
        assert_eq!(wrapped("awards = 'Yes' AND meals > 50", 14), ["awards = 'Yes'", "AND meals > 50"]);
        assert_eq!(wrapped("Donaudampfschifffahrt am Fluss", 12), ["Donaudampfsc", "hifffahrt am", "Fluss"]);
    }

    #[test]
    fn a_text_of_many_lines_is_cut() {
        assert_eq!(wrapped("one two three four five six", 5), ["one", "two", "thre…"]);
    }

    #[test]
    fn numbers_keep_their_line_beside_a_text_that_wraps() {
        let header = [Cell::left("of"), Cell::right("n")];
        let rows = ["200", "7"].map(|n| vec![Cell::left("pupils with free meals"), Cell::right(n)]);
        let expected = "of              n\n─────────────────\npupils with   200\nfree meals\npupils with…    7\n";
        assert_eq!(aligned(&header, &rows, 17), expected);
    }
}
