//! From text to the syntax tree of `sqlparser`, within bounds that no input overflows.

use sqlparser::ast;
use sqlparser::dialect::{AnsiDialect, Dialect};
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Location, Token, TokenWithSpan, Tokenizer, Whitespace};

/// How deep brackets, CASE and runs of NOT and signs may nest. On an error the parser tries each level twice.
const DEEPEST_NESTING: usize = 10;
/// Two levels of the parser for each, and some more. Without optimisation each takes about 50 kB of stack.
const DEEPEST_RECURSION: usize = 24;
/// How deep the tree may be, in which each operator of a sum is a level of its own.
pub(super) const DEEPEST: usize = 60;
/// Long enough for a union over a whole battery. It bounds chains such as `a OR b OR ...`, which nest inside the parser.
const MOST_TOKENS: usize = 4000;

/// Standard SQL, in which CASE is never the name of a variable. Otherwise a slip inside a CASE would make the parser try
/// that, and the error would tell of the second word. A variable with such a name is written in double quotes.
#[derive(Debug)]
struct Sql;

impl Dialect for Sql {
    fn is_identifier_start(&self, character: char) -> bool {
        AnsiDialect {}.is_identifier_start(character)
    }

    fn is_identifier_part(&self, character: char) -> bool {
        AnsiDialect {}.is_identifier_part(character)
    }

    fn is_reserved_for_identifier(&self, _keyword: Keyword) -> bool {
        true
    }
}

/// Why a text is not the syntax of one expression, and where.
pub(super) struct SyntaxError {
    pub(super) message: String,
    pub(super) location: Location,
}

/// The syntax tree, of one expression and nothing behind it.
pub(super) fn syntax(sql: &str) -> Result<ast::Expr, SyntaxError> {
    let dialect = Sql;
    let refuse = |location, message| Err(SyntaxError { message, location });
    let start = Location { line: 1, column: 1 };
    let tokens = match Tokenizer::new(&dialect, sql).tokenize_with_location() {
        Ok(tokens) => tokens,
        Err(error) => {
            return refuse(error.location, format!("not SQL: {}", error.message));
        }
    };
    let is_blank =
        |token: &Token| matches!(token, Token::Whitespace(Whitespace::Space | Whitespace::Tab | Whitespace::Newline));
    if tokens.iter().filter(|token| !is_blank(&token.token)).count() > MOST_TOKENS {
        return refuse(start, format!("the expression has more than {MOST_TOKENS} words and signs"));
    }
    if let Some(location) = too_nested(&tokens) {
        return refuse(location, too_deep(DEEPEST_NESTING));
    }
    let mut parser = Parser::new(&dialect).with_recursion_limit(DEEPEST_RECURSION).with_tokens_with_locations(tokens);
    match parser.parse_expr() {
        Ok(node) => {
            let next = parser.peek_token();
            if next.token == Token::EOF {
                return Ok(node);
            }
            refuse(next.span.start, format!("not SQL: expected the end of the expression, found {}", next.token))
        }
        Err(ParserError::RecursionLimitExceeded) => refuse(start, too_deep(DEEPEST_NESTING)),
        Err(ParserError::TokenizerError(message) | ParserError::ParserError(message)) => {
            let (message, location) = split_location(&message);
            refuse(location, format!("not SQL: {}", in_our_case(message)))
        }
    }
}

pub(super) fn too_deep(deepest: usize) -> String {
    format!("the expression is nested more than {deepest} deep")
}

/// The first token that opens one level too many.
fn too_nested(tokens: &[TokenWithSpan]) -> Option<Location> {
    let (mut open, mut signs) = (0_usize, 0_usize);
    for token in tokens {
        #[expect(clippy::wildcard_enum_match_arm, reason = "no other token opens or closes a level")]
        match &token.token {
            Token::Whitespace(_) => continue,
            Token::Minus | Token::Plus => signs += 1,
            Token::Word(word) if word.keyword == Keyword::NOT => signs += 1,
            Token::Word(word) if word.keyword == Keyword::CASE => open += 1,
            Token::Word(word) if word.keyword == Keyword::END => open = open.saturating_sub(1),
            Token::LParen | Token::LBracket | Token::LBrace => open += 1,
            Token::RParen | Token::RBracket | Token::RBrace => open = open.saturating_sub(1),
            _ => signs = 0,
        }
        if open + signs > DEEPEST_NESTING {
            return Some(token.span.start);
        }
    }
    None
}

/// The parser writes the place of an error behind its message, and nowhere else.
fn split_location(message: &str) -> (&str, Location) {
    let parsed = message.rsplit_once(" at Line: ").and_then(|(message, place)| {
        let (line, column) = place.split_once(", Column: ")?;
        Some((message, Location { line: line.parse().ok()?, column: column.parse().ok()? }))
    });
    // Without a place, the text ended too early.
    parsed.unwrap_or((message, Location { line: u64::MAX, column: u64::MAX }))
}

fn in_our_case(message: &str) -> String {
    message.replace("Expected: ", "expected ").replace("found: EOF", "found its end").replace("found: ", "found ")
}
