//! Neither the order of rows nor the number of threads changes a bit of any estimate.

/// Every statistic there is, over samples of every kind.
const ASKED: [&str; 17] = [
    "--mean",
    "api00",
    "--share",
    "awards",
    "--quantile",
    "meals:0.5,0.9",
    "--quantile-rule",
    "hf7",
    "--total",
    "api00 * enroll",
    "--ratio",
    "api.stu/enroll",
    "--diff",
    "api00:comp.imp=Yes,No",
    "--test",
    "sch.wide,stype",
    "--format",
];

/// The sample, how it was drawn, and its domains.
const SAMPLES: [(&str, &[&str]); 6] = [
    ("2000/raw/apistrat.csv", &["--weight", "pw", "--strata", "stype", "--fpc", "fpc"]),
    ("2000/raw/apistrat.csv", &["--strata", "stype", "--fpc", "fpc", "--by", "awards", "--df", "domain"]),
    ("2000/raw/apistrat.csv", &["--weight", "pw", "--strata", "stype", "--replicate-method", "jackknife"]),
    ("clus2/raw/apiclus2.csv", &["--psu", "dnum,snum", "--fpc", "fpc1,fpc2", "--by", "stype"]),
    ("clus1/raw/apiclus1.csv", &["--weight", "pw", "--psu", "dnum", "--replicate-method", "bootstrap:40:7"]),
    ("srs/raw/apisrs.csv", &["--weight", "pw", "--where", "meals > 20", "--interval", "beta"]),
];

/// Orders of each sample, and the threads that read it.
const ORDERS: [&str; 6] = ["1", "2", "8", "3", "8", "1"];

/// Lines in another order: Fisher and Yates, by a linear congruential generator (Knuth's constants).
fn shuffle(lines: &mut [&str], state: &mut u64) {
    for last in (1..lines.len()).rev() {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let among = u64::try_from(last + 1).expect("few rows");
        lines.swap(last, usize::try_from((*state >> 33) % among).expect("one of them"));
    }
}

#[test]
fn neither_the_order_of_rows_nor_the_number_of_threads_changes_a_bit() {
    let mut state = 2019;
    for (sample, design) in SAMPLES {
        let path = testkit::repository().join("fixtures/schools").join(sample);
        let text = std::fs::read_to_string(path).expect("the sample is in the repository");
        let mut lines: Vec<&str> = text.lines().collect();
        let header = lines.remove(0);
        let outputs: Vec<String> = ORDERS
            .iter()
            .map(|threads| {
                let file = format!("{header}\n{}\n", lines.join("\n"));
                let asked = [&["schools.csv"], &ASKED[..], &["json", "--threads", threads], design].concat();
                let said = super::estimates_of(&[("schools.csv", file.as_bytes())], &asked);
                shuffle(&mut lines, &mut state);
                said
            })
            .collect();
        assert!(outputs[0].contains("\"tests\"") && outputs[0].len() > 2000, "{sample}: {}", outputs[0]);
        for output in &outputs[1..] {
            assert_eq!(*output, outputs[0], "{sample} {design:?}");
        }
    }
}

/// Enough rows for several row groups and batches, so that threads have partial sums to put together: decimals, which SQL sums, and doubles
/// with more digits than a decimal has, which are summed unit by unit.
#[test]
fn sums_put_together_from_many_threads_are_those_of_one() {
    const ROWS: u32 = 60_000;
    let mut state = 7_u64;
    let mut rows: Vec<String> = (0..ROWS)
        .map(|row| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let digits = state >> 20;
            let (stratum, domain) = (row % 7, (state >> 40) % 5);
            let weight = f64::from(row % 13 + 1) * 0.37;
            format!("{stratum},d{domain},{weight:.2},{}.{},{:e}", digits % 1000, digits % 97, f64::from(row + 1) / 7.0)
        })
        .collect();
    let answers = ["1", "2", "8"].map(|threads| {
        let text = format!("h,g,w,amount,part\n{}\n", rows.join("\n"));
        let mut lines: Vec<&str> = rows.iter().map(String::as_str).collect();
        shuffle(&mut lines, &mut state);
        rows = lines.into_iter().map(str::to_owned).collect();
        ["amount", "part"].map(|column| {
            let mean = ["--mean", column, "--total", column, "--by", "g", "--format", "csv", "--threads", threads];
            let asked = [&["large.csv", "--weight", "w", "--strata", "h"], &mean[..]].concat();
            super::estimates_of(&[("large.csv", text.as_bytes())], &asked)
        })
    });
    for answer in &answers[1..] {
        assert_eq!(answer, &answers[0]);
    }
    assert_eq!(answers[0][0].lines().count(), 1 + 2 * 5);
}
