//! The real export of Uruguay's innovation survey, which is not part of the repository.

use crate::support::{Export, Table};

const COUNTRY: &str = r#"
=== country.toml
languages = ["en"]
name = { en = "Uruguay" }
title = { en = "Innovation activities" }
publisher = { en = "Test" }
smallest_base = 5
=== codebook.toml
[code_lists]
yes_no = [{ code = "yes", label = { en = "Yes" } }, { code = "no", label = { en = "No" } }]
degree = [
  { code = "high", label = { en = "High" } },
  { code = "medium", label = { en = "Medium" } },
  { code = "low", label = { en = "Low" } },
  { code = "none", label = { en = "None" } },
]
[variables.innovative]
label = { en = "Innovative" }
codes = "yes_no"
[variables.obstacle]
label = { en = "Obstacle" }
codes = "degree"
[variables.staff]
label = { en = "Staff" }
kind = "number"
=== tables.toml
[bases.all]
label = { en = "all" }
counting_unit = { en = "enterprises" }
[tables.staff]
title = { en = "Staff" }
base = "all"
measure = "mean"
rows = ["staff"]
=== waves/2021.toml
window = "2019-2021"
published = 2023-01-01
synthetic = false
about = { en = "Test" }
[answers]
file = "eaii-2019-2021.csv"
delimiter = ";"
decimal_mark = ","
unit = "ID_Estadistico"
[columns]
innovative = "Innovativa"
obstacle = "H1A_1"
staff = "IG_4_1_3"
[missing]
"999" = "not_asked"
"888" = "refused"
[recodes.yes_no]
"1" = "yes"
"2" = "no"
[recodes.degree]
"1" = "high"
"2" = "medium"
"3" = "low"
"4" = "none"
[design]
weights = { column = "w_trans" }
design_known = false
"#;

#[test]
#[ignore = "needs the real export"]
fn the_real_export_has_601_innovative_enterprises_of_2408() {
    let path = testkit::repository().join("../shared/data/ury/eaii-2019-2021.csv");
    let bytes = std::fs::read(&path).expect("the real export lies beside the clone");
    let wave = Export::from_text(COUNTRY).with_raw("eaii-2019-2021.csv", bytes).checked();
    assert_eq!((wave.summary().rows, wave.summary().answers, wave.summary().columns), (2408, 2408, 390));
    let table = Table::of(&wave);
    let innovative = table.column("innovative");
    assert_eq!(innovative.iter().filter(|code| *code == "yes").count(), 601);
    // The weights add up to the population, exactly: 11,969 enterprises with nine decimals.
    let billionths: i128 = table
        .column("__weight")
        .iter()
        .map(|weight| codebook::Decimal::parse(weight, '.').expect("weights are numbers"))
        .map(|weight| weight.units_at(9).expect("weights have at most nine decimals"))
        .sum();
    assert!((billionths - 11_969_000_000_000).abs() < 1_000_000, "{billionths}");
}
