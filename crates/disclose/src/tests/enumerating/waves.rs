//! The same over several waves, each with an edition of its own: later editions draw earlier waves again, in charts and in sentences about changes.
//!
//! The attacker has every edition. What they tell of one wave he puts together, and lists the answers of that wave that agree with all of it. The answers
//! of two waves are other answers, so what joins them is a change, and one may be told only where he sees both of its cells.

use codebook::{CellName, Chart, ChartKind, Direction, Figure, FigureId};

use super::*;
use crate::{Beside, Earlier, PublishedTable, VerdictKind};

/// Waves in order of time, and what the edition of each draws of those before it.
#[derive(Debug, Clone)]
pub(in super::super) struct Series {
    pub(in super::super) waves: Vec<Small>,
    drawn: Vec<Vec<Drawn>>,
}

/// The first row of a table over waves.
#[derive(Debug, Clone, Copy)]
struct Drawn {
    table: usize,
    /// One group, or all of them in a chart; `None` is the total.
    group: Option<usize>,
    how: How,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    Chart,
    NearThen,
    Rose,
    Unchanged,
}

/// One wave or several, each with tables of its own.
pub(in super::super) fn series() -> impl Strategy<Value = Series> {
    let how =
        prop_oneof![2 => Just(How::Chart), 1 => Just(How::NearThen), 1 => Just(How::Rose), 1 => Just(How::Unchanged)];
    let group = proptest::option::weighted(0.7, 0_usize..3);
    let drawn = (0..TABLES.len(), group, how).prop_map(|(table, group, how)| Drawn { table, group, how });
    let of_edition = proptest::collection::vec(drawn, 1..=4);
    let waves = prop_oneof![2 => Just(1_usize), 2 => Just(2), 1 => Just(3)];
    waves.prop_flat_map(move |waves| {
        let parts = (proptest::collection::vec(small(), waves), proptest::collection::vec(of_edition.clone(), waves));
        parts.prop_map(|(mut waves, drawn)| {
            let smallest_base = waves[0].smallest_base;
            waves.iter_mut().for_each(|wave| wave.smallest_base = smallest_base);
            Series { waves, drawn }
        })
    })
}

fn wave_id(index: usize) -> WaveId {
    WaveId::new(["2016", "2019", "2023"][index]).unwrap()
}

fn place() -> Place {
    Place::File { file: "theme.toml".to_owned() }
}

impl Series {
    /// The edition of every wave, with the claims that it makes.
    pub(in super::super) fn editions(&self) -> Vec<(Published, Vec<Claim>)> {
        let counted: Vec<Counted> = self.waves.iter().map(Small::counted).collect();
        (0..self.waves.len()).map(|wave| self.edition(wave, &counted)).collect()
    }

    fn edition(&self, wave: usize, counted: &[Counted]) -> (Published, Vec<Claim>) {
        let specs: Vec<Vec<&TableSpec>> = counted.iter().map(|it| it.specs.iter().collect()).collect();
        let earlier: Vec<Earlier<'_>> = (0..wave)
            .map(|then| Earlier {
                wave: wave_id(then),
                synthetic: false,
                specs: &specs[then],
                tables: &counted[then].tables,
                contributors: &counted[then].contributors,
                unions: crate::Unions::NONE,
                changes: &[],
            })
            .collect();
        let theme = self.theme(wave);
        let wordings: Vec<(ThemeId, Wording)> = theme
            .claims
            .iter()
            .map(|claim| {
                let spoken = Some(Spoken::Percent { value: 50.0, decimals: 0, lean: Lean::Neither });
                let language = Language::new("en").unwrap();
                (
                    theme.id.clone(),
                    Wording { claim: claim.id.clone(), language, text: "half".to_owned(), spoken, place: place() },
                )
            })
            .collect();
        let claims = theme.claims.clone();
        let release = Release {
            wave: wave_id(wave),
            themes: &[theme],
            wordings: &wordings,
            phrases: &[(Language::new("en").unwrap(), Vec::new())].into(),
            beside: Beside { earlier: &earlier, printed: &[] },
            ..counted[wave].release(&specs[wave], self.waves[wave].smallest_base)
        };
        (disclose(release), claims)
    }

    /// What the edition of a wave draws of all waves before it, as far as it has the tables itself.
    fn theme(&self, wave: usize) -> Theme {
        let has = |it: &&Drawn| wave > 0 && self.waves[wave].tables.contains(&it.table);
        let mut theme = Theme {
            id: ThemeId::new("change").unwrap(),
            variant: None,
            kind: codebook::PageKind::Theme,
            figures: Vec::new(),
            claims: Vec::new(),
            allowed: Vec::new(),
            cases: Vec::new(),
            quotes: Vec::new(),
            place: place(),
        };
        for drawn in self.drawn[wave].iter().filter(has) {
            let layout = &TABLES[drawn.table];
            let (table, row) = (TableId::new(layout.id).unwrap(), layout.row(0));
            if drawn.how == How::Chart {
                theme.figures.push(Figure {
                    id: FigureId::new(&format!("f{}", theme.figures.len())).unwrap(),
                    headline: codebook::Translated::default(),
                    headline_place: place(),
                    table,
                    chart: Chart::OverWaves {
                        row: drawn.group.map(|_| row),
                        breakdown: drawn.group.map(|_| level()),
                        waves: (0..=wave).map(wave_id).collect(),
                    },
                    kind: ChartKind::Line,
                    place: place(),
                });
                continue;
            }
            for since in (0..wave).map(wave_id) {
                let cell = CellName {
                    table: table.clone(),
                    row: row.clone(),
                    group: drawn.group.map(|it| (level(), code(CODES[it]))),
                };
                let predicate = match drawn.how {
                    How::Chart | How::NearThen => Predicate::NearThen { cell, wave: since },
                    How::Rose => Predicate::Change { cell, since, direction: Direction::Rose },
                    How::Unchanged => Predicate::Unchanged { cell, since, margin: 5.0 },
                };
                let id = ClaimId::new(&format!("c{}", theme.claims.len())).unwrap();
                theme.claims.push(Claim { id, predicate, place: place() });
            }
        }
        theme
    }
}

/// The tables that editions show of a wave: its own, and those of every later edition.
pub(in super::super) fn tables_of(wave: usize, editions: &[(Published, Vec<Claim>)]) -> Vec<PublishedTable> {
    let own = editions[wave].0.tables().iter();
    let later = editions[wave + 1..].iter().flat_map(|(published, _)| published.earlier());
    let again = later.filter(|earlier| earlier.wave() == wave_id(wave)).flat_map(|earlier| earlier.tables());
    own.chain(again).cloned().collect()
}

/// What is wrong with all editions of a series.
fn leak_of(series: &Series, editions: &[(Published, Vec<Claim>)]) -> Option<String> {
    let of_wave = |(wave, survey): (usize, &Small)| {
        leak_of_tables(survey, &tables_of(wave, editions)).map(|leak| format!("wave {wave}: {leak}"))
    };
    series.waves.iter().enumerate().find_map(of_wave).or_else(|| editions.iter().find_map(told_of_hidden))
}

/// A sentence about a cell of which readers do not see both waves, that is not refused or whose change is told.
fn told_of_hidden((published, claims): &(Published, Vec<Claim>)) -> Option<String> {
    let own = published.wave();
    let is_hidden = |claim: &&Claim| {
        let (cell, then) = claim.predicate.earlier().expect("every claim is about an earlier wave");
        let domain = cell.group.as_ref().map_or(Domain::Total, |(breakdown, code)| Domain::Group {
            breakdown: breakdown.clone(),
            code: code.clone(),
        });
        let is_shown = |wave: WaveId| published.in_wave(wave, &cell.table, &cell.row, &domain).figures().is_some();
        let needs_both = !matches!(claim.predicate, Predicate::NearThen { .. });
        !is_shown(then) || (needs_both && !is_shown(own))
    };
    claims.iter().filter(is_hidden).find_map(|claim| {
        let verdict = published.verdicts().iter().find(|verdict| verdict.claim == claim.id);
        let is_refused = verdict.is_some_and(|verdict| matches!(verdict.kind, VerdictKind::Refused(_)));
        let mut tests = published.families().iter().flat_map(crate::Family::tests);
        let has_size = tests.any(|test| *test.claim() == claim.id && test.size().is_some());
        (!is_refused || has_size).then(|| format!("{:?} is told", claim.predicate))
    })
}

/// What is in a series that needs protection.
#[derive(Default)]
struct Seen {
    surveys: usize,
    over_waves: usize,
    protected: usize,
    beside_shown: usize,
    hidden_then: usize,
}

impl Seen {
    fn take_in(&mut self, editions: &[(Published, Vec<Claim>)]) {
        self.surveys += editions.len();
        self.over_waves += usize::from(editions.len() > 1);
        let hidden = |table: &PublishedTable, of: fn(&crate::Cell) -> bool| {
            let groups = || table.domains().iter().filter(|domain| **domain != Domain::Total);
            groups().filter_map(|domain| table.cell(&table.rows()[0], domain)).any(of)
        };
        let is_hidden = |cell: &crate::Cell| *cell == crate::Cell::Hidden(crate::Hidden::Confidential);
        let hides = |table: &PublishedTable| hidden(table, is_hidden) || !table.withheld().is_empty();
        let beside_shown =
            |table: &PublishedTable| hidden(table, is_hidden) && hidden(table, |cell| cell.figures().is_some());
        self.protected += editions.iter().filter(|(it, _)| it.tables().iter().any(hides)).count();
        self.beside_shown += editions.iter().filter(|(it, _)| it.tables().iter().any(beside_shown)).count();
        let of_earlier =
            |(it, _): &&(Published, Vec<Claim>)| it.earlier().iter().flat_map(|wave| wave.tables()).any(hides);
        self.hidden_then += editions.iter().filter(of_earlier).count();
    }
}

#[test]
fn no_confidential_count_is_pinned_whatever_the_answers_are() {
    const CASES: u32 = 10_200;
    let mut runner = TestRunner::new_with_rng(
        Config { cases: CASES, failure_persistence: None, max_shrink_iters: 300, ..Config::default() },
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    let seen = std::cell::RefCell::new(Seen::default());
    let outcome = runner.run(&series(), |series| {
        let editions = series.editions();
        seen.borrow_mut().take_in(&editions);
        prop_assert_eq!(leak_of(&series, &editions), None);
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
    let Seen { surveys, over_waves, protected, beside_shown, hidden_then } = seen.into_inner();
    // Past the harness, which keeps what a passing test prints to itself: .ci/run looks for it.
    writeln!(
        std::io::stdout(),
        "\nof {surveys} surveys every set of answers was listed, in {CASES} releases of which {over_waves} are over several waves: {protected} with something confidential, {beside_shown} of them with cells shown beside it; {hidden_then} editions hide something of an earlier wave"
    )
    .expect("standard output can be written");
    let cases = usize::try_from(CASES).unwrap();
    assert!(
        over_waves > cases / 2 && protected > cases / 2 && beside_shown > cases / 20 && hidden_then > cases / 5,
        "the surveys need protection: {over_waves} {protected} {beside_shown} {hidden_then}"
    );
}
