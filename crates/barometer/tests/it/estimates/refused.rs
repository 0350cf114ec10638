//! What `barometer estimate` cannot answer: the exact message, which says what to do.

use crate::house::say;

/// The message about the schools, with exit code 3.
#[track_caller]
fn assert_refused(arguments: &[&str], message: &str) {
    let said = say(&[&["estimate", "fixtures/schools/2000/raw/apistrat.csv"], arguments].concat());
    assert_eq!((said.code, said.out.as_str(), said.err.as_str()), (Some(3), "", message));
}

#[test]
fn an_unknown_column_is_told_with_the_nearest() {
    assert_refused(
        &["--mean", "api0", "--weight", "PW"],
        "--mean:1:1: there is no column \"api0\"\n\
         help: did you mean \"api00\"?\n\
         --weight:1:1: there is no column \"PW\"\n\
         help: did you mean \"pw\"? Capitals and small letters differ\n\
         2 errors; nothing was written\n",
    );
}

#[test]
fn text_is_no_number() {
    assert_refused(
        &["--mean", "stype"],
        "--mean:1:1: \"stype\" holds text, a mean needs a number\n\
         help: how often it has one value is a share: use --share with a comparison, as in x = 'yes'\n\
         1 error; nothing was written\n",
    );
    assert_refused(
        &["--weight", "stype", "--mean", "api00"],
        "--weight:1:1: \"stype\" holds text, a weight needs a number\nhelp: is it another column?\n1 error; nothing was written\n",
    );
}

#[test]
fn the_share_of_a_number_wants_a_condition() {
    assert_refused(
        &["--share", "meals"],
        "--share meals: \"meals\" holds numbers, a share needs a condition or a category\n\
         help: compare it, as in --share 'meals = 1', or take its mean\n\
         help: where its numbers are codes of categories, add --categories 'meals'\n\
         1 error; nothing was written\n",
    );
}

/// The message about a file of two strata, with columns as written.
#[track_caller]
fn assert_refused_file(text: &str, arguments: &[&str], message: &str) {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    std::fs::write(folder.path().join("data.csv"), text).expect("a file can be written");
    let said: crate::house::Said = crate::house::barometer()
        .current_dir(folder.path())
        .args(["estimate", "data.csv", "--mean", "y", "--strata", "h"])
        .args(arguments)
        .output()
        .expect("the program starts")
        .into();
    assert_eq!((said.code, said.out.as_str(), said.err.as_str()), (Some(3), "", message));
}

#[test]
fn a_population_smaller_than_the_sample_is_refused() {
    assert_refused_file(
        "h,y,N\na,1,9\na,2,9\nb,3,1\nb,4,1\n",
        &["--fpc", "N"],
        "data.csv: stratum b has 2 units in the sample but only 1 in the population\n1 error; nothing was written\n",
    );
}

#[test]
fn counts_and_fractions_are_not_mixed() {
    assert_refused_file(
        "h,y,N\na,1,9\na,2,9\nb,3,0.5\nb,4,0.5\n",
        &["--fpc", "N"],
        "data.csv: sizes are counts in some places (9 at stage 1 in stratum a) and fractions in others (0.5 at stage 1 in stratum b); expected one kind, at \
         all stages\n1 error; nothing was written\n",
    );
}

#[test]
fn a_size_is_the_same_in_its_stratum() {
    assert_refused_file(
        "h,y,N\na,1,9\na,2,8\nb,3,7\nb,4,7\n",
        &["--fpc", "N"],
        "data.csv: the size of stage 1 is 8 in some rows of stratum a and 9 in others; expected the same\n\
         help: a stratum has one size: mend the rows that differ, or name the sizes in the order of the stages\n1 error; nothing was written\n",
    );
}

#[test]
fn weights_are_known_and_not_negative() {
    assert_refused_file(
        "h,y,w\na,1,2\na,2,-1\nb,3,\nb,4,1\n",
        &["--weight", "w"],
        "data.csv: 1 row has no value of \"w\", which every row needs\n\
         help: if they are not in the sample, say --missing-weight out\n\
         data.csv: 1 row has a negative weight \"w\", expected weights above 0\n2 errors; nothing was written\n",
    );
    assert_refused_file(
        "h,y,w\na,1,0\na,2,0\n",
        &["--weight", "w"],
        "data.csv: no row has a weight above 0\nhelp: is it the column of weights?\n1 error; nothing was written\n",
    );
}

#[test]
fn numbers_out_of_reach_are_refused() {
    assert_refused_file(
        "h,y,w\na,1,1e-160\na,2,2e-160\nb,3,1e-160\nb,4,1e-160\n",
        &["--weight", "w"],
        "data.csv: weights, what is estimated, or their products and ratios are beyond 1e100 or below 1e-100, which cannot be calculated with\n\
         help: multiply the columns by a number that brings them nearer to 1\n1 error; nothing was written\n",
    );
}

#[test]
fn a_lonely_psu_is_named_with_the_rules_that_accept_it() {
    assert_refused_file(
        "h,y\na,1\na,2\nb,3\n",
        &[],
        "data.csv: stratum b has 1 unit in the sample out of an undeclared number; accepted under the rules certainty, centre and \
         average, and if it is collapsed into a neighbour\nhelp: choose with --lonely what it contributes\n\
         1 error; nothing was written\n",
    );
}

#[test]
fn a_group_that_nobody_is_in_is_told_with_those_there_are() {
    assert_refused_file(
        "h,y\na,1\na,2\nb,3\nb,5\n",
        &["--diff", "y:h=a,c"],
        "--diff y:h=a,c: no row has \"h\" = \"c\"\nhelp: did you mean \"a\"?\n1 error; nothing was written\n",
    );
}
