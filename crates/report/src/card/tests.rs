use super::*;

const CARD: Card<'_> = Card {
    publication: "The Innovation Barometer",
    window: "2018–2019",
    sentence: "9 out of 10 innovations are tied to the core task, about as many in state, regions and municipalities",
    key: Some(("90%", "95% interval 88–92")),
    mark: ("SYNTHETIC", "The answers are made up."),
};

/// The pixels of a card.
fn pixels(bytes: &[u8]) -> (png::Info<'static>, Vec<u8>) {
    let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut pixels).unwrap();
    (reader.info().clone(), pixels)
}

#[test]
fn a_card_has_the_size_that_is_asked_for_and_says_synthetic_in_the_file_and_to_the_eye() {
    let bytes = draw(CARD).unwrap();
    let (info, marked) = pixels(&bytes);
    assert_eq!((info.width, info.height), (1200, 630));
    assert!(bytes.windows(9).any(|window| window == b"SYNTHETIC"));
    let (_, real) = pixels(&draw(Card { mark: ("", ""), ..CARD }).unwrap());
    // The first pixel lies in the band of the mark.
    assert_eq!((&marked[..3], &real[..3]), (&NOTICE[..], &PAPER[..]));
    assert!(bytes.len() < 60_000, "{} bytes", bytes.len());
}

#[test]
fn everything_that_a_card_says_is_drawn() {
    let whole = pixels(&draw(CARD).unwrap()).1;
    for (what, without) in [
        ("publication", Card { publication: "", ..CARD }),
        ("window", Card { window: "", ..CARD }),
        ("sentence", Card { sentence: "", ..CARD }),
        ("number", Card { key: Some((" ", "95% interval 88–92")), ..CARD }),
        ("interval", Card { key: Some(("90%", "")), ..CARD }),
    ] {
        let differing =
            pixels(&draw(without).unwrap()).1.iter().zip(&whole).filter(|(one, other)| one != other).count();
        assert!(differing > 500, "{what}: {differing}");
    }
}

#[test]
fn nothing_is_drawn_beyond_the_margins_however_long_the_words_are() {
    let long = "Työpaikkakunnossapitosuunnitelmasta vastaavien osuus on suurempi kuin muiden, ja näin on ollut kaikissa kyselyissä \
                vuodesta toiseen riippumatta toimialasta, koosta ja sijainnista koko maassa kaikkina vuosina";
    let card = Card { sentence: long, key: Some(("12.345.678 kr.", "95 %-interval 12.345.000–12.346.000")), ..CARD };
    let picture = pixels(&draw(card).unwrap()).1;
    for row in picture.chunks_exact(usize::from(WIDTH) * 3).skip(64) {
        assert!(
            row[1140 * 3..].chunks_exact(3).all(|pixel| pixel == PAPER),
            "something is written beyond the right margin"
        );
    }
}

#[test]
fn a_card_whose_letters_the_font_lacks_is_not_drawn() {
    assert!(draw(Card { sentence: "革新", ..CARD }).is_none());
    assert!(draw(Card { sentence: "Ενα στα δύο, кожен п’ятий, þriðja hver, õ ß", ..CARD }).is_some());
}
