//! From text to the syntax tree of `sqlparser`, within bounds that no input overflows.

use sqlparser::ast;
use sqlparser::dialect::{AnsiDialect, Dialect};
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Location, Token, TokenWithSpan, Tokenizer, Whitespace, Word};

/// How deep brackets, CASE and runs of NOT and signs may nest. On an error the parser tries each level twice.
const DEEPEST_NESTING: usize = 10;
/// Two levels of the parser for each, and some more. Without optimisation each takes about 50 kB of stack.
const DEEPEST_RECURSION: usize = 24;
/// How deep the tree may be, in which each operator of a sum is a level of its own.
pub(super) const DEEPEST: usize = 60;
/// Long enough for a union over a whole battery. It bounds chains such as `a OR b OR ...`, which nest inside the parser.
const MOST_TOKENS: usize = 4000;

/// Standard SQL, in which CASE is never the name of a variable. Otherwise a slip inside a CASE would make the parser try
/// that, and the error would tell of the second word. A variable with such a name is written in double quotes. Letters are
/// those of every language, since columns have names like `vægt`.
#[derive(Debug)]
struct Sql;

impl Dialect for Sql {
    fn is_identifier_start(&self, character: char) -> bool {
        AnsiDialect {}.is_identifier_start(character) || character == '_' || character.is_alphabetic()
    }

    fn is_identifier_part(&self, character: char) -> bool {
        AnsiDialect {}.is_identifier_part(character) || character.is_alphanumeric()
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

/// The syntax tree, of one expression and nothing behind it. `is_name` tells the names that the expression may use.
pub(super) fn syntax(sql: &str, is_name: &dyn Fn(&str) -> bool) -> Result<ast::Expr, SyntaxError> {
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
    // The parser takes it for a path into a JSON object, and its error would tell of that.
    if let Some(colon) = tokens.iter().find(|token| token.token == Token::Colon) {
        return refuse(colon.span.start, "the sign : is not admitted in an expression".to_owned());
    }
    let mut parser = Parser::new(&dialect)
        .with_recursion_limit(DEEPEST_RECURSION)
        .with_tokens_with_locations(with_names(&tokens, is_name));
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

/// The words that expressions are made of. A name that is one of them is written in double quotes.
const GRAMMAR: [Keyword; 24] = [
    Keyword::ALL,
    Keyword::AND,
    Keyword::ANY,
    Keyword::AS,
    Keyword::BETWEEN,
    Keyword::CASE,
    Keyword::CAST,
    Keyword::DISTINCT,
    Keyword::ELSE,
    Keyword::END,
    Keyword::ESCAPE,
    Keyword::EXISTS,
    Keyword::FALSE,
    Keyword::FROM,
    Keyword::IN,
    Keyword::IS,
    Keyword::LIKE,
    Keyword::NOT,
    Keyword::NULL,
    Keyword::OR,
    Keyword::SELECT,
    Keyword::THEN,
    Keyword::TRUE,
    Keyword::WHEN,
];

/// Makes each name one token, as if it stood in double quotes. SQL has hundreds of words of its own, `year` and `name` among
/// them, and takes `income.2` for a name and a number.
fn with_names(tokens: &[TokenWithSpan], is_name: &dyn Fn(&str) -> bool) -> Vec<TokenWithSpan> {
    let mut result = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while let Some(first) = tokens.get(at) {
        let run = name_at(&tokens[at..]);
        match run {
            Some((name, length)) if is_name(&name) => {
                let word = Word { value: name, quote_style: Some('"'), keyword: Keyword::NoKeyword };
                result.push(TokenWithSpan { token: Token::Word(word), span: first.span });
                at += length;
            }
            Some((_, length)) => {
                result.extend_from_slice(&tokens[at..at + length]);
                at += length;
            }
            None => {
                result.push(first.clone());
                at += 1;
            }
        }
    }
    result
}

/// What may be a name, dots included, at the start of these tokens, and how many tokens it takes. A word before a bracket is
/// a function.
fn name_at(tokens: &[TokenWithSpan]) -> Option<(String, usize)> {
    let Some(Token::Word(first)) = tokens.first().map(|token| &token.token) else { return None };
    let mut name = first.value.clone();
    let mut length = 1;
    loop {
        match (tokens.get(length).map(|token| &token.token), tokens.get(length + 1).map(|token| &token.token)) {
            (Some(Token::Period), Some(Token::Word(word))) => {
                name.push('.');
                name.push_str(&word.value);
                length += 2;
            }
            (Some(Token::Number(digits, _)), _) if digits.starts_with('.') => {
                name.push_str(digits);
                length += 1;
            }
            (Some(Token::LParen), _) => return None,
            _ => break,
        }
    }
    let is_grammar = length == 1 && first.quote_style.is_none() && GRAMMAR.contains(&first.keyword);
    (!is_grammar).then_some((name, length))
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
