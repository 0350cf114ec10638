//! Replicate weights of a file, and those made from its design.

use serde_json::Value;

use crate::estimates::estimates_of;
use crate::house::say;

#[test]
fn a_stratified_jackknife_of_the_file_is_scaled_by_the_strata_it_leaves_out() {
    // Strata of 2 and 3 units of weight 1; each replicate leaves one out and raises the others of its stratum. For a total that is the
    // variance of the sample.
    let file = b"h,y,w,r1,r2,r3,r4,r5\na,1,1,0,2,1,1,1\na,2,1,2,0,1,1,1\n\
        b,0,1,1,1,0,1.5,1.5\nb,4,1,1,1,1.5,0,1.5\nb,9,1,1,1,1.5,1.5,0\n";
    let asked = ["f.csv", "--weight", "w", "--strata", "h", "--total", "y", "--format", "json"];
    let replicated = [asked.as_slice(), &["--replicates", "r?", "--replicate-method", "jkn"]].concat();
    let [linearised, replicated] = [asked.as_slice(), &replicated].map(|arguments| {
        let found: Value = serde_json::from_str(&estimates_of(&[("f.csv", file.as_slice())], arguments)).expect("JSON");
        found["rows"][0]["se"].as_f64().expect("a number")
    });
    // Of stratum a: 2/1 (0.25 + 0.25) = 1; of stratum b around its mean of 13/3: 3/2 (169 + 1 + 196) / 9 = 61.
    assert!((linearised - 62.0_f64.sqrt()).abs() < 1e-12, "{linearised}");
    assert!((replicated - linearised).abs() < 1e-9 * linearised, "{replicated}");
}

/// Standard errors by replicates, in the order of what is asked.
fn replicated_errors(file: &[u8], arguments: &[&str]) -> Vec<f64> {
    let asked = [&["f.csv", "--format", "json"], arguments].concat();
    let found: Value = serde_json::from_str(&estimates_of(&[("f.csv", file)], &asked)).expect("JSON");
    let rows = found["rows"].as_array().expect("rows");
    rows.iter().map(|row| row["se"].as_f64().expect("a number")).collect()
}

#[test]
fn squares_of_supplied_replicates_are_taken_around_their_mean_or_the_estimate_as_in_r() {
    // R 4.1.1, survey:
    //   f <- read.csv("f.csv")
    //   for (mse in c(FALSE, TRUE)) {
    //     d <- svrepdesign(data = f, weights = ~w, repweights = "r[1-4]", type = "BRR", combined.weights = TRUE, mse = mse)
    //     print(c(SE(svymean(~y, d)), SE(svytotal(~y, d)), SE(svyratio(~y, ~w, d))), digits = 15)
    //   }
    let file = b"y,w,r1,r2,r3,r4\n1,2,4,0,3,1\n5,2,0,4,1,2\n2,3,6,1,0,5\n9,3,2,6,6,0\n";
    let asked = ["--weight", "w", "--mean", "y", "--total", "y", "--ratio", "y/w"];
    let replicates = ["--replicates", "r?", "--replicate-method", "brr"];
    let around_the_mean = [1.930_455_206_571_73, 21.821_720_830_401_99, 0.740_750_300_566_87];
    let around_the_estimate = [1.935_660_209_466_155, 22.062_411_472_910_21, 0.741_633_431_706_881];
    for (centre, expected) in [
        (&[][..], around_the_mean),
        (&["--replicate-centre", "mean"], around_the_mean),
        (&["--replicate-centre", "estimate"], around_the_estimate),
    ] {
        let found = replicated_errors(file, &[&asked[..], &replicates, centre].concat());
        for (found, expected) in found.iter().zip(expected) {
            assert!((found / expected - 1.0).abs() < 1e-13, "{found} instead of {expected}");
        }
    }
}

#[test]
fn squares_of_a_jackknife_are_taken_around_their_mean_or_the_estimate_as_in_r() {
    // R 4.1.1, survey:
    //   d <- svydesign(id = ~dnum, weights = ~pw, fpc = ~fpc, data = read.csv("fixtures/schools/clus1/raw/apiclus1.csv"))
    //   j <- as.svrepdesign(d, type = "JK1", mse = FALSE), and mse = TRUE
    //   print(c(SE(svymean(~api00, j)), SE(svyratio(~api.stu, ~enroll, j))), digits = 15)
    let file = std::fs::read(testkit::repository().join("fixtures/schools/clus1/raw/apiclus1.csv")).expect("schools");
    let asked = ["--weight", "pw", "--psu", "dnum", "--fpc", "fpc", "--mean", "api00", "--ratio", "api.stu/enroll"];
    for (centre, expected) in [
        ("mean", [26.329_360_589_527_564, 0.009_517_085_175_614_783]),
        ("estimate", [26.334_857_668_459_147, 0.009_519_363_481_564_56]),
    ] {
        let made = ["--replicate-method", "jackknife", "--replicate-centre", centre];
        for (found, expected) in replicated_errors(&file, &[&asked[..], &made].concat()).iter().zip(expected) {
            assert!((found / expected - 1.0).abs() < 1e-12, "{found} instead of {expected}");
        }
    }
}

#[test]
fn a_lonely_psu_that_is_compared_with_the_mean_of_all_has_its_squares_around_the_estimate() {
    let file = b"h,y,w\na,1,1\na,2,1\nb,4,1\n";
    let design = ["--weight", "w", "--strata", "h", "--lonely", "centre", "--total", "y"];
    let made = ["--replicate-method", "jackknife", "--replicate-centre"];
    assert_eq!(replicated_errors(file, &[&design[..], &made, &["estimate"]].concat()).len(), 1);
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("f.csv"), file).expect("it can be written");
    let path = folder.path().join("f.csv").to_string_lossy().into_owned();
    let said = say(&[&["estimate", path.as_str()][..], &design, &made, &["mean"]].concat());
    assert_eq!(said.code, Some(3));
    assert!(said.err.contains("needs squares around the estimate\nhelp: leave --replicate-centre out"), "{}", said.err);
}

#[test]
fn a_bootstrap_has_as_many_replicates_as_tell_something() {
    let file = "fixtures/schools/2000/raw/apistrat.csv";
    for replicates in ["10001", "99999999999999999999"] {
        let method = format!("bootstrap:{replicates}");
        let said = say(&["estimate", file, "--mean", "api00", "--replicate-method", &method]);
        let expected = format!(
            "a bootstrap of {replicates} replicates, expected at most 10000: the standard error from R replicates is off by 1/sqrt(2 R) of \
             itself, less than 1 % there, and more of them only take time\n"
        );
        assert_eq!((said.code, said.out.as_str()), (Some(2), ""));
        assert!(said.err.ends_with(&expected), "{}", said.err);
    }
    let folder = tempfile::tempdir().expect("a folder");
    let many = folder.path().join("many.csv");
    std::fs::write(&many, format!("y\n{}", "1\n2\n".repeat(3_500))).expect("it can be written");
    let path = many.to_string_lossy().into_owned();
    let said = say(&["estimate", &path, "--mean", "y", "--replicate-method", "bootstrap:10000"]);
    let expected =
        ": 10000 replicates of 7000 clusters are 70000000 factors, expected at most 64000000, which fill 1 GB\n";
    assert_eq!(said.code, Some(3));
    assert!(said.err.contains(expected), "{}", said.err);
    let said = say(&["estimate", file, "--mean", "api00", "--replicate-method", "bootstrap:many"]);
    assert!(said.err.contains("\"bootstrap:many\" is no method to make replicates by"), "{}", said.err);
}

/// What is said of a file that is refused, with exit code 3.
#[track_caller]
fn refused(file: &[u8], arguments: &[&str]) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("f.csv"), file).expect("it can be written");
    let said: crate::house::Said = crate::house::barometer()
        .current_dir(folder.path())
        .args(["estimate", "f.csv"])
        .args(arguments)
        .output()
        .expect("the program starts")
        .into();
    assert_eq!((said.code, said.out.as_str()), (Some(3), ""), "{}", said.err);
    said.err
}

/// Three strata of two PSUs of a unit each, and a replicate for each stratum that leaves one of them out.
const PAIRS: &[u8] =
    b"h,y,x,w,r1,r2,r3\na,1,2,2,4,2,2\na,5,3,2,0,2,2\nb,2,1,3,3,0,3\nb,9,4,3,3,6,3\nc,4,2,1,1,1,2\nc,7,5,1,1,1,0\n";

#[test]
fn one_replicate_for_each_stratum_of_two_psus_is_scaled_by_1_as_in_r() {
    // R 4.2.2, survey 4.1.1:
    //   f <- read.csv("f.csv")
    //   d <- svrepdesign(data = f, weights = ~w, repweights = "r[1-3]", type = "JK2", mse = FALSE), and mse = TRUE
    //   print(c(SE(svymean(~y, d)), SE(svytotal(~y, d)), SE(svyratio(~y, ~x, d))), digits = 15)
    let asked = ["--weight", "w", "--strata", "h", "--mean", "y", "--total", "y", "--ratio", "y/x"];
    let replicates = ["--replicates", "r?", "--replicate-method", "jk2"];
    for (centre, expected) in [
        ("mean", [1.827_009_294_711_705_6, 21.924_111_536_540_46, 0.209_485_940_048_306_7]),
        ("estimate", [1.889_297_341_459_105_7, 22.671_568_097_509_27, 0.211_934_210_747_129_3]),
    ] {
        let found = replicated_errors(PAIRS, &[&asked[..], &replicates, &["--replicate-centre", centre]].concat());
        for (found, expected) in found.iter().zip(expected) {
            assert!((found / expected - 1.0).abs() < 1e-13, "{found} instead of {expected}");
        }
    }
}

#[test]
fn a_stratified_jackknife_has_a_replicate_for_each_psu() {
    let asked = ["--weight", "w", "--total", "y", "--replicates", "r?", "--replicate-method", "jkn"];
    assert_eq!(
        refused(PAIRS, &[&asked[..], &["--strata", "h"]].concat()),
        "f.csv: jkn leaves out each PSU of a stratum once, but stratum a has 2 PSUs and 1 replicate; 2 more strata do not fit, either\n\
         help: with one replicate for each stratum of two PSUs the method is jk2; rscales of another jackknife are given as in \
         jkn:0.5,0.75\n1 error; nothing was written\n"
    );
    assert_eq!(
        refused(PAIRS, &asked),
        "f.csv: jkn is the jackknife of a stratified sample, and no strata are named\n\
         help: name them with --strata and their PSUs with --psu, or give R's rscales, as in jkn:0.5,0.75; without strata the method \
         is jk1\n1 error; nothing was written\n"
    );
    // The PSUs have two units each, and nobody says so.
    let clusters = b"h,p,y,w,r1,r2\na,1,1,1,0,2\na,1,2,1,0,2\na,2,4,1,2,0\na,2,7,1,2,0\n";
    assert_eq!(
        refused(clusters, &[&asked[..], &["--strata", "h"]].concat()),
        "f.csv: replicate 1 leaves 2 PSUs out with weight 0, but each of jkn leaves out one\n\
         help: are these the strata (--strata) and PSUs (--psu) that the weights were made by?\n1 error; nothing was written\n"
    );
    // By hand: PSU totals 3 and 11, so the replicates are off by 8 and -8, and half of the squares is 64.
    let found = replicated_errors(clusters, &[&asked[..], &["--strata", "h", "--psu", "p"]].concat());
    assert!((found[0] - 8.0).abs() < 1e-14, "{found:?}");
}

#[test]
fn rscales_are_given_where_a_file_does_not_tell_its_strata() {
    // R 4.2.2, survey 4.1.1:
    //   d <- svrepdesign(data = f, weights = ~w, repweights = "r[1-3]", type = "JKn", scale = 1, rscales = c(0.5, 0.75, 1), mse = FALSE)
    //   print(c(SE(svymean(~y, d)), SE(svytotal(~y, d)), SE(svyratio(~y, ~x, d))), digits = 15)
    let asked = ["--weight", "w", "--mean", "y", "--total", "y", "--ratio", "y/x", "--replicates", "r?"];
    let found = replicated_errors(PAIRS, &[&asked[..], &["--replicate-method", "jkn:0.5,0.75,1"]].concat());
    for (found, expected) in
        found.iter().zip([1.533_008_721_677_975_7, 18.396_104_660_135_706, 0.163_348_956_405_196_7])
    {
        assert!((found / expected - 1.0).abs() < 1e-13, "{found} instead of {expected}");
    }
    // One rscale for all replicates: of 1, it is jk2.
    let [one, pairs] = ["jkn:1", "jk2"]
        .map(|method| replicated_errors(PAIRS, &[&asked[..], &["--replicate-method", method]].concat()));
    assert_eq!(one, pairs);
    let said = refused(PAIRS, &[&asked[..], &["--replicate-method", "jkn:0.5,0.5"]].concat());
    assert!(said.starts_with("f.csv: there are 2 rscales for 3 replicates\n"), "{said}");
}

#[test]
fn population_sizes_correct_the_jackknife_of_a_file_as_in_r() {
    // R 4.2.2, survey 4.1.1:
    //   f <- read.csv("f.csv")
    //   d <- svrepdesign(data = f, weights = ~w, repweights = "r[1-5]", type = "JKn", scale = 1, rscales = rep(c(1/2, 2/3), c(2, 3)),
    //                    fpc = rep(c(2/10, 3/5), c(2, 3)), fpctype = "fraction", mse = FALSE)
    //   print(c(SE(svymean(~y, d)), SE(svytotal(~y, d))), digits = 15)
    let file = b"h,y,w,N,r1,r2,r3,r4,r5\na,1,5,10,0,10,5,5,5\na,2,5,10,10,0,5,5,5\n\
        b,0,2,5,2,2,0,3,3\nb,4,2,5,2,2,3,0,3\nb,9,2,5,2,2,3,3,0\n";
    let asked = ["--weight", "w", "--mean", "y", "--total", "y", "--replicates", "r?", "--replicate-method"];
    let found = replicated_errors(file, &[&asked[..], &["jkn", "--strata", "h", "--fpc", "N"]].concat());
    for (found, expected) in found.iter().zip([0.677_772_085_586_298, 10.844_353_369_380_768]) {
        assert!((found / expected - 1.0).abs() < 1e-13, "{found} instead of {expected}");
    }
    // A jackknife without strata: R's type = "JK1", scale = 3/4, fpc = rep(4/16, 4), fpctype = "fraction".
    let file = b"y,w,N,r1,r2,r3,r4\n1,3,16,0,4,4,4\n2,3,16,4,0,4,4\n7,3,16,4,4,0,4\n5,3,16,4,4,4,0\n";
    let found = replicated_errors(file, &[&asked[..], &["jk1", "--fpc", "N"]].concat());
    for (found, expected) in found.iter().zip([1.192_424_001_771_182, 14.309_088_021_254_185]) {
        assert!((found / expected - 1.0).abs() < 1e-13, "{found} instead of {expected}");
    }
}

#[test]
fn population_sizes_are_refused_beside_replicates_that_they_do_not_correct() {
    let file = b"h,y,w,N,r1,r2\na,1,5,10,0,10\na,2,5,10,10,0\nb,4,2,6,2,2\nb,3,2,6,2,2\n";
    let asked =
        ["--weight", "w", "--total", "y", "--replicates", "r?", "--strata", "h", "--fpc", "N", "--replicate-method"];
    for (method, name) in
        [("jk2", "jk2"), ("brr", "brr"), ("fay:0.5", "fay"), ("bootstrap", "bootstrap"), ("sdr", "sdr")]
    {
        assert_eq!(
            refused(file, &[&asked[..], &[method]].concat()),
            format!(
                "f.csv: population sizes (--fpc) do not enter the variance of replicate weights by {name}\n\
                 help: leave --fpc out: such weights hold their correction for a finite population, or there is none\n\
                 1 error; nothing was written\n"
            )
        );
    }
    let said = refused(file, &[&asked[..], &["jk1"]].concat());
    assert!(
        said.starts_with(
            "f.csv: population sizes (--fpc) of several strata, but jk1 is the jackknife of a sample without strata\n"
        ),
        "{said}"
    );
    let said = refused(file, &[&asked[..], &["jkn:0.5"]].concat());
    assert!(said.contains("multiply each of the rscales by 1 - n/N of its stratum"), "{said}");
}

#[test]
fn a_pattern_that_fits_the_weight_does_not_make_it_a_replicate() {
    let file = b"y,wt,wt1,wt2,wt3,wt4\n1,2,4,0,3,1\n5,2,0,4,1,2\n2,3,6,1,0,5\n9,3,2,6,6,0\n";
    let errors = |pattern| {
        replicated_errors(
            file,
            &["--weight", "wt", "--mean", "y", "--replicates", pattern, "--replicate-method", "brr"],
        )
    };
    assert_eq!(errors("wt*"), errors("wt?"));
}

#[test]
fn made_replicates_of_several_stages_say_what_is_not_in_them() {
    let file = b"p,u,y,a,b\n1,1,1,9,8\n1,2,2,9,8\n2,3,4,9,5\n2,4,7,9,5\n3,5,3,9,7\n3,6,9,9,7\n";
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let path = folder.path().join("f.csv");
    std::fs::write(&path, file).expect("a file can be written");
    let path = path.to_str().expect("UTF-8");
    let two_stages = ["estimate", path, "--psu", "p,u", "--fpc", "a,b", "--mean", "y"];
    let warned = |arguments: &[&str]| {
        let said = say(&[&two_stages[..], arguments].concat());
        assert_eq!(said.code, Some(0), "{}", said.err);
        said.err.contains(
            ": warning: the replicates are of the first stage: what sampling within PSUs adds to the variance is not in them\n\
             help: leave --replicate-method out for the variance of all stages\n",
        )
    };
    assert!(warned(&["--replicate-method", "jackknife"]));
    assert!(!warned(&[]));
}
