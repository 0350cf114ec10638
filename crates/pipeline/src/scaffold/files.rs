//! The files of a draft, with comments for the person who finishes it.
//!
//! What nobody knows yet says `unknown` where readers would see it, and `ASSUMED` where a setting needs some value.

use codebook::{ColumnClass, CountryId, Language, Role, SlashedDays, SurveyTool, WaveId};
use ingest::inspect::{FileFormat, Inspection};

use super::batteries::{Answered, Battery, Item};
use super::draft::{Draft, DraftDays, DraftKind, DraftList, DraftVariable};
use super::near::Near;
use super::no_answers::NoAnswer;
use super::shared::{Match, Shared};

/// The name of the first page, its table and its figure.
const FIRST: &str = "first-look";
const FIRST_TABLE: &str = "first_look";

/// Whose files they are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Subject<'s> {
    pub(super) country: &'s CountryId,
    pub(super) wave: WaveId,
    pub(super) languages: &'s [Language],
    /// The name of the export.
    pub(super) file: &'s str,
    /// What is taken from the shared questionnaire.
    pub(super) shared: Option<&'s Shared>,
    /// What resembles one of its items.
    pub(super) near: &'s [Near],
}

impl Subject<'_> {
    /// The name of a variable: that of the shared item, or its own.
    fn name(&self, variable: &DraftVariable<'_>, draft: &Draft<'_>) -> String {
        match (self.item(variable), self.shared, variable.battery) {
            (Some(item), _, _) => item.variable.to_string(),
            (None, Some(shared), None) => shared.own_name(variable.name.as_str()),
            (None, Some(shared), Some(battery)) => {
                let battery = &draft.batteries[battery].name;
                let item = variable.name.as_str().strip_prefix(battery.as_str()).unwrap_or_default();
                format!("{}{item}", shared.own_battery_name(battery))
            }
            (None, None, _) => variable.name.to_string(),
        }
    }

    /// The name of a battery.
    fn battery_name(&self, battery: &Battery) -> String {
        self.shared.map_or_else(|| battery.name.clone(), |shared| shared.own_battery_name(&battery.name))
    }

    /// The items of a battery that are not taken from the shared questionnaire.
    fn own_items<'b>(&self, battery: &'b Battery, draft: &Draft<'_>) -> Vec<&'b Item> {
        battery.items.iter().filter(|item| self.item(&draft.variables[item.column]).is_none()).collect()
    }

    /// The name of a list of codes.
    fn list_name(&self, list: &DraftList) -> String {
        self.shared.map_or_else(|| list.name.clone(), |shared| shared.own_name(&list.name))
    }

    /// The item of the shared questionnaire that a variable is.
    fn item(&self, variable: &DraftVariable<'_>) -> Option<&Match> {
        self.shared?.item(&variable.column.name)
    }

    /// A line of comment for each of these columns that resembles an item of the shared questionnaire.
    fn near<'v>(&self, columns: impl Iterator<Item = &'v str>) -> String {
        let of = |column: &str| self.near.iter().find(|near| near.column == column);
        columns
            .filter_map(of)
            .map(|near| format!("# {}: {}.\n", comment(&near.column), comment(&near.told())))
            .collect()
    }

    /// Whether a list has a variable that is not taken from the shared questionnaire.
    fn needs(&self, number: usize, draft: &Draft<'_>) -> bool {
        let has_it = |variable: &&DraftVariable<'_>| variable.kind == DraftKind::Category(number);
        draft.variables.iter().filter(has_it).any(|variable| self.item(variable).is_none())
    }
}

/// Every file's path in the country's folder, and its text.
pub(super) fn files(subject: &Subject<'_>, inspection: &Inspection, draft: &Draft<'_>) -> Vec<(String, String)> {
    let wave = subject.wave;
    let mut files = vec![
        ("country.toml".to_owned(), country(subject)),
        ("codebook.toml".to_owned(), codebook(subject, draft)),
        (format!("waves/{wave}.toml"), wave_file(subject, inspection, draft)),
        ("tables.toml".to_owned(), tables(subject, draft)),
        (format!("report/{wave}/{FIRST}.toml"), theme()),
    ];
    files.extend(subject.shared.map(|shared| ("ledger.toml".to_owned(), ledger(wave, shared))));
    files.extend(subject.languages.iter().map(|language| (format!("report/{wave}/{FIRST}.{language}.md"), page())));
    files
}

/// What the files assume where the export tells nothing, for the person who finishes them.
pub(super) fn assumed(inspection: &Inspection, draft: &Draft<'_>, wave: WaveId) -> Vec<String> {
    let mut assumed = vec![
        format!("waves/{wave}.toml: a simple random sample in which every answer counts the same"),
        format!("waves/{wave}.toml: column {:?} identifies the unit", draft.unit),
        format!("waves/{wave}.toml: published on {}", published(wave)),
        "codebook.toml: every question is asked of everyone".to_owned(),
    ];
    if let Some(DraftDays::Assumed(days)) = draft.days {
        let order = match days {
            SlashedDays::DayFirst => "day",
            SlashedDays::MonthFirst => "month",
        };
        assumed.push(format!("waves/{wave}.toml: in days with slashes the {order} stands first"));
    }
    assumed.extend(declared_missing(draft, wave));
    if draft.complete.is_none() && inspection.tool == SurveyTool::Plain {
        assumed.push(format!("waves/{wave}.toml: every row is a complete answer"));
    }
    assumed
}

/// What becomes of values that the export declares missing, and of which columns.
fn declared_missing(draft: &Draft<'_>, wave: WaveId) -> Vec<String> {
    let columns = |is_of: &dyn Fn(&DraftVariable<'_>) -> bool| {
        let columns = draft.variables.iter().filter(|variable| is_of(variable));
        columns.map(|variable| format!("{:?}", variable.column.name)).collect::<Vec<_>>().join(", ")
    };
    let list = |variable: &DraftVariable<'_>| match variable.kind {
        DraftKind::Category(number) => Some(&draft.lists[number]),
        DraftKind::Number | DraftKind::Date | DraftKind::Text => None,
    };
    let has_role = |variable: &DraftVariable<'_>| {
        list(variable).is_some_and(|it| it.codes.iter().any(|code| code.role != Role::Answer))
    };
    let has_missing = |variable: &DraftVariable<'_>| match variable.kind {
        DraftKind::Category(_) => list(variable).is_some_and(|list| !list.missing.is_empty()),
        DraftKind::Number | DraftKind::Date => !variable.column.missing_marks.is_empty(),
        DraftKind::Text => false,
    };
    let (in_base, no_answers) = (columns(&has_role), columns(&has_missing));
    let mut assumed = Vec::new();
    if !no_answers.is_empty() {
        assumed.push(format!(
            "waves/{wave}.toml: values that mean no answer are none, for the reason that their words tell: {no_answers}"
        ));
    }
    if !in_base.is_empty() {
        assumed.push(format!(
            "codebook.toml: who does not know has answered and stays in the base, though the export declares it missing: {in_base}"
        ));
    }
    assumed
}

fn country(subject: &Subject<'_>) -> String {
    let languages: Vec<String> = subject.languages.iter().map(|language| quoted(language.as_str())).collect();
    let name = subject.country.as_str().to_uppercase();
    format!(
        "# Drafted from {file}. Whatever says unknown is for you to fill in: readers would see it.\n\
         # A text is given once for all languages, or in each: {{ da = \"…\", en = \"…\" }}.\n\
         \n\
         {core}\
         languages = [{languages}]\n\
         name = {name}                        # the country's name\n\
         title = \"unknown: title of the survey\"\n\
         publisher = \"unknown: publisher\"\n\
         smallest_base = 5                    # ASSUMED: a cell needs at least so many answers\n",
        file = comment(subject.file),
        core = subject.shared.map_or_else(String::new, |shared| format!("core = {}\n", quoted(shared.version))),
        languages = languages.join(", "),
        name = quoted(&name),
    )
}

fn codebook(subject: &Subject<'_>, draft: &Draft<'_>) -> String {
    let mut text = format!(
        "# Drafted from {}. Check each variable against the questionnaire:\n\
         # - label: a short name for rows of tables; question: the exact wording\n\
         # - asked_if = \"…\" where routing does not put the question to everyone (ASSUMED: everyone is asked)\n\
         # - role = \"dont_know\" or \"not_relevant\" for codes that are no opinion; codes that mean no answer belong under\n\
         #   [missing] in the wave's file\n\
         # - questions with several items belong together in a [batteries.<name>]\n\
         \n",
        comment(subject.file)
    );
    text.push_str(&subject.shared.map(taken).unwrap_or_default());
    text.push_str("[code_lists]\n");
    for (number, list) in draft.lists.iter().enumerate() {
        if subject.needs(number, draft) {
            text.push_str(&code_list(&subject.list_name(list), list));
        }
    }
    for (place, variable) in draft.variables.iter().enumerate() {
        match variable.battery.map(|number| &draft.batteries[number]) {
            _ if subject.item(variable).is_some() => {}
            None => text.push_str(&codebook_variable(subject, variable, draft)),
            // A battery stands where its first item does.
            Some(battery) => {
                let items = subject.own_items(battery, draft);
                if items.first().is_some_and(|first| first.column == place) {
                    text.push_str(&codebook_battery(subject, battery, &items, draft));
                }
            }
        }
    }
    if !draft.left_out.is_empty() {
        text.push_str("\n# Columns of the export that are no variables:\n");
    }
    for (column, reason) in &draft.left_out {
        text.push_str(&format!("# - {}: {reason}\n", comment(if column.is_empty() { "(no name)" } else { column })));
    }
    if !draft.personal.is_empty() {
        text.push_str(&format!(
            "# Where one that tells who answered does not: take it off the list personal in waves/{}.toml, and write a variable and its\n\
             # column for it.\n",
            subject.wave
        ));
    }
    text
}

/// What is taken from the shared questionnaire.
fn taken(shared: &Shared) -> String {
    let names: Vec<String> = shared.taken.iter().map(|name| format!("  {},\n", quoted(name.as_str()))).collect();
    let mut text = format!(
        "# Columns with the names or the words of items of the shared questionnaire: these, with its labels and routing.\n\
         # Check that each was asked as it says; pipelines/README.md, \"The shared questionnaire\", tells how to say otherwise.\n\
         [core]\ntake = [\n{}]\n\n",
        names.concat()
    );
    for (battery, items) in &shared.without {
        let items: Vec<String> = items.iter().map(|item| quoted(item)).collect();
        text.push_str(&format!("[batteries.{battery}]\nwithout = [{}]\n\n", items.join(", ")));
    }
    text
}

/// The ledger of one wave, whose items are assumed to be the shared questionnaire's.
fn ledger(wave: WaveId, shared: &Shared) -> String {
    let wording = if shared.is_worded {
        "wording = \"core\"                      # the export has its words\n"
    } else {
        "# wording = \"core\"                    # if respondents read its words: the export does not tell. Until then items are \"unknown\"\n"
    };
    let not_taken = if shared.is_partial {
        "not_taken = \"unknown: why the other items of the shared questionnaire were not asked\"\n"
    } else {
        ""
    };
    format!(
        "# How what was asked compares: with the shared questionnaire, and wave by wave. ASSUMED: it is the same.\n\
         # What is not has a line with its reason: pipelines/README.md, \"ledger.toml\".\n\
         \n[core]\ndefault = \"same\"\n{wording}{not_taken}\n[waves.{wave}]\ndefault = \"same\"\n"
    )
}

fn code_list(name: &str, list: &DraftList) -> String {
    let mut text = format!("{name} = [\n");
    for code in &list.codes {
        let (name, label) = (quoted(code.code.as_str()), quoted(&code.label));
        text.push_str(&match code.role {
            Role::Answer => format!("  {{ code = {name}, label = {label} }},\n"),
            Role::DontKnow => declared(&name, &label, "dont_know"),
            Role::NotRelevant => declared(&name, &label, "not_relevant"),
        });
    }
    text + "]\n"
}

/// A code that stays in the base though the export declares it missing.
fn declared(code: &str, label: &str, role: &str) -> String {
    format!("  {{ code = {code}, label = {label}, role = \"{role}\" }},    # ASSUMED: the export declares it missing\n")
}

fn codebook_battery(subject: &Subject<'_>, battery: &Battery, items: &[&Item], draft: &Draft<'_>) -> String {
    let question =
        battery.question.as_deref().map_or_else(|| format!("unknown: wording of {}", battery.name), one_line);
    let near = subject.near(items.iter().map(|item| draft.variables[item.column].column.name.as_str()));
    let mut text = format!("\n{near}[batteries.{}]\nquestion = {}\n", subject.battery_name(battery), quoted(&question));
    let kind = battery.items.first().map(|item| draft.variables[item.column].kind);
    if let Some(DraftKind::Category(list)) = kind {
        text.push_str(&format!("codes = {}\n", quoted(&subject.list_name(&draft.lists[list]))));
        if let Answered::Ticks { ticked, .. } = &battery.answered {
            let code = draft.lists[list].codes.iter().find(|code| code.raw == *ticked);
            let code = code.map_or("", |code| code.code.as_str());
            text.push_str(&format!(
                "multiple = {}    # ASSUMED: the code of an option that was ticked\n",
                quoted(code)
            ));
        }
    }
    text.push_str("items = [\n");
    for item in items {
        text.push_str(&format!("  {{ item = {}, label = {} }},\n", quoted(&item.name), quoted(&one_line(&item.label))));
    }
    text + "]\n"
}

fn codebook_variable(subject: &Subject<'_>, variable: &DraftVariable<'_>, draft: &Draft<'_>) -> String {
    let question = variable.column.label.as_deref().map(one_line).filter(|label| !label.is_empty());
    let label = question.clone().unwrap_or_else(|| one_line(&variable.column.name));
    let mut text = match variable.column.class {
        ColumnClass::QuasiIdentifier => {
            "\n# ASSUMED by its name: a quasi-identifier, which others may know of the unit. Breakdowns by it make small cells.\n"
        }
        ColumnClass::DirectIdentifier
        | ColumnClass::UnitId
        | ColumnClass::OpenText
        | ColumnClass::Weight
        | ColumnClass::Answer => "\n",
    }
    .to_owned();
    text.push_str(&subject.near(std::iter::once(variable.column.name.as_str())));
    text.push_str(&format!("[variables.{}]\nlabel = {}\n", subject.name(variable, draft), quoted(&label)));
    if let Some(question) = question {
        text.push_str(&format!("question = {}\n", quoted(&question)));
    }
    text.push_str(&match variable.kind {
        DraftKind::Category(number) => format!("codes = {}\n", quoted(&subject.list_name(&draft.lists[number]))),
        DraftKind::Number => "kind = \"number\"\n".to_owned(),
        DraftKind::Date => "kind = \"date\"\n".to_owned(),
        DraftKind::Text => {
            "kind = \"text\"                        # words of respondents' own: never published\n".to_owned()
        }
    });
    text
}

fn wave_file(subject: &Subject<'_>, inspection: &Inspection, draft: &Draft<'_>) -> String {
    let wave = subject.wave;
    let mut text = format!(
        "# Drafted from {file}. ASSUMED marks what the export does not tell.\n\
         \n\
         window = \"{wave}\"                      # ASSUMED: the years that the questions are about, such as \"2018-2019\"\n\
         published = {published}               # ASSUMED: the day of publication\n",
        file = comment(subject.file),
        published = published(wave),
    );
    if draft.synthetic {
        text.push_str("synthetic = true\n");
    }
    text.push_str(
        "about = \"unknown: who the population is, who answers, and how. Until somebody tells, this edition assumes a simple random \
         sample in which every answer counts the same.\"\n\n",
    );
    text.push_str(&answers(subject, inspection, draft));
    text.push_str("\n[columns]\n");
    let is_of_battery = |variable: &DraftVariable<'_>| variable.battery.is_some() && subject.item(variable).is_none();
    for variable in draft.variables.iter().filter(|variable| !is_of_battery(variable)) {
        text.push_str(&format!("{} = {}\n", subject.name(variable, draft), quoted(&variable.column.name)));
    }
    for battery in &draft.batteries {
        let items = subject.own_items(battery, draft);
        if !items.is_empty() {
            text.push_str(&format!("[columns.{}]\n", subject.battery_name(battery)));
        }
        for item in items {
            text.push_str(&format!("{} = {}\n", item.name, quoted(&draft.variables[item.column].column.name)));
        }
    }
    text.push_str(&missing(draft));
    text.push_str(&recodes(subject, inspection.tool, draft));
    text.push_str(&design(draft));
    text
}

fn answers(subject: &Subject<'_>, inspection: &Inspection, draft: &Draft<'_>) -> String {
    let mut text = format!("[answers]\nfile = {}\n", quoted(subject.file));
    let mut line = |key: &str, value: &str| text.push_str(&format!("{key} = {}\n", quoted(value)));
    if let Some(sheet) = &inspection.sheet {
        line("sheet", sheet);
    }
    if inspection.tool != SurveyTool::Plain {
        line("tool", inspection.tool.as_str());
    }
    if let Some(structure) = &inspection.structure {
        line("structure", structure);
    }
    if inspection.format == FileFormat::Delimited {
        let delimiter = inspection.delimiter.unwrap_or(',');
        line("encoding", inspection.encoding.as_ref().map_or("utf-8", |encoding| encoding.name.as_str()));
        line("delimiter", &delimiter.to_string());
        line("decimal_mark", &draft.decimal_mark.to_string());
    }
    text.push_str(&match draft.days {
        Some(DraftDays::Told(days)) => format!("dates = {}\n", quoted(days.as_str())),
        Some(DraftDays::Assumed(days)) => {
            format!(
                "dates = {}    # ASSUMED: no day of the export tells whether day or month stands first\n",
                quoted(days.as_str())
            )
        }
        None => String::new(),
    });
    text.push_str(&format!("unit = {}    # ASSUMED: identifies the unit\n", quoted(&draft.unit)));
    if !draft.personal.is_empty() {
        let personal: Vec<String> = draft.personal.iter().map(|column| quoted(column)).collect();
        text.push_str(
            "# ASSUMED by their names and values: they tell who answered, and no variable may be read from one.\n",
        );
        text.push_str(&format!("personal = [{}]\n", personal.join(", ")));
    }
    text.push_str(&match draft.complete {
        Some((column, value)) => {
            format!("complete = {{ column = {}, value = {} }}    # ASSUMED\n", quoted(column), quoted(value))
        }
        None => "# complete = { column = \"…\", value = \"…\" }    # ASSUMED: as the tool says, else every row is an answer\n".to_owned(),
    });
    text
}

fn missing(draft: &Draft<'_>) -> String {
    let mut text = "\n[missing]\n\
                    # Raw values that mean no answer in every variable of codes, such as \"999\" = \"not_asked\", \"888\" = \"refused\".\n"
        .to_owned();
    for mark in &draft.missing_marks {
        text.push_str(&format!("{} = \"blank\"    # ASSUMED\n", quoted(mark)));
    }
    text
}

/// What raw values mean, where they are not the codes themselves.
fn recodes(subject: &Subject<'_>, tool: SurveyTool, draft: &Draft<'_>) -> String {
    let mut text = shared_recodes(subject, draft);
    let own = draft.lists.iter().enumerate().filter(|(number, _)| subject.needs(*number, draft));
    // Enalyzer tells positions in the list, and an answer that nobody gave is missing from the draft's.
    let is_by_position = tool == SurveyTool::Enalyzer;
    for list in own.map(|(_, list)| list).filter(|list| is_by_position || !list.is_plain()) {
        text.push_str(&format!("\n[recodes.{}]\n", subject.list_name(list)));
        for code in &list.codes {
            text.push_str(&format!("{} = {}\n", quoted(&code.raw), quoted(code.code.as_str())));
        }
        list.missing.iter().for_each(|mark| text.push_str(&no_answer(mark)));
    }
    let numbers =
        draft.variables.iter().filter(|variable| matches!(variable.kind, DraftKind::Number | DraftKind::Date));
    for variable in numbers.filter(|variable| !variable.column.missing_marks.is_empty()) {
        text.push_str(&format!("\n[recodes.{}]\n", subject.name(variable, draft)));
        let marks = variable.column.missing_marks.iter().map(NoAnswer::of);
        marks.for_each(|mark| text.push_str(&no_answer(&mark)));
    }
    text
}

/// A raw value that is no answer, with its words.
fn no_answer(mark: &NoAnswer) -> String {
    let words = mark.label.as_deref().map_or_else(String::new, |label| format!(": {}", comment(label)));
    format!("{} = {{ missing = \"{}\" }}    # ASSUMED{words}\n", quoted(&mark.raw), mark.reason)
}

/// The codes of the shared questionnaire that raw values become.
fn shared_recodes(subject: &Subject<'_>, draft: &Draft<'_>) -> String {
    let mut text = String::new();
    for variable in &draft.variables {
        let (Some(item), DraftKind::Category(_)) = (subject.item(variable), variable.kind) else { continue };
        let missing = &item.missing;
        if missing.is_empty() && item.codes.iter().all(|(raw, code)| raw == code.as_str()) {
            continue;
        }
        text.push_str(&format!("\n[recodes.{}]\n", item.variable));
        for (raw, code) in &item.codes {
            text.push_str(&format!("{} = {}\n", quoted(raw), quoted(code.as_str())));
        }
        missing.iter().for_each(|mark| text.push_str(&no_answer(mark)));
    }
    text
}

fn design(draft: &Draft<'_>) -> String {
    let mut text = "\n# How the units were sampled is unknown.\n\
                    # ASSUMED: a simple random sample of a large population, in which every answer counts the same. Estimates and intervals\n\
                    # are wrong where that is not so. Tell strata, population and weights: pipelines/README.md, \"[design]\".\n\
                    [design]\nweights = \"equal\"\n"
        .to_owned();
    for column in &draft.weights {
        let column = comment(&quoted(column));
        text.push_str(&format!("# weights = {{ column = {column} }}    # by its name, this column may hold weights\n"));
    }
    text + "# strata = [\"…\"]\n# population = { column = \"…\" }\n"
}

fn tables(subject: &Subject<'_>, draft: &Draft<'_>) -> String {
    // Who was not asked cannot be counted among all.
    let variable = draft.shown(|variable| subject.item(variable).is_none_or(|item| !item.is_routed));
    // An item on a scale needs codes that count together, which nobody told.
    let of_scale = match (variable.battery.map(|number| &draft.batteries[number].answered), variable.kind) {
        (Some(Answered::Scale), DraftKind::Category(list)) => draft.lists[list].codes.first().map(|code| &code.code),
        _ => None,
    };
    let of_shared = subject.item(variable).and_then(|item| item.codes.first()).map(|(_, code)| code);
    let codes = of_shared.or(of_scale).map_or_else(String::new, |code| {
        format!("codes = [{}]                     # ASSUMED: the answers that count\n", quoted(code.as_str()))
    });
    let measure = measure(variable);
    format!(
        "# A first table. More of them stand below each other; their order is that of the report.\n\
         \n\
         [bases.all]\n\
         label = \"unknown: who is counted, such as all workplaces\"\n\
         counting_unit = \"unknown: what one answer counts as, such as workplaces\"\n\
         \n\
         [tables.{FIRST_TABLE}]\n\
         title = {title}\n\
         base = \"all\"\n\
         measure = \"{measure}\"                    # share, mean or total\n\
         rows = [\"{name}\"]\n\
         {codes}\
         # breakdowns = [\"…\"]                  # variables of codes\n",
        title = quoted(&headline(variable)),
        name = subject.name(variable, draft),
    )
}

fn measure(variable: &DraftVariable<'_>) -> &'static str {
    match variable.kind {
        DraftKind::Number => "mean",
        DraftKind::Category(_) | DraftKind::Date | DraftKind::Text => "share",
    }
}

fn theme() -> String {
    format!(
        "order = 1\n\
         \n\
         [[figures]]\n\
         id = \"{FIRST}\"\n\
         headline = \"unknown: what the figure shows\"\n\
         table = \"{FIRST_TABLE}\"\n\
         \n\
         # What the texts claim is checked against the estimates:\n\
         # [claims.most]\n\
         # near = {{ table = \"{FIRST_TABLE}\", row = \"…\" }}\n\
         # and in the text: [9 out of 10]{{most}} …\n",
    )
}

fn page() -> String {
    format!(
        "# unknown: title of this page\n\
         \n\
         This page was drafted from an export. Nobody has checked the questions, the codes or the design behind it: it is not for \
         publication. Put your own words here.\n\
         \n\
         {{{{ figure {FIRST} }}}}\n"
    )
}

/// A title from a variable's label. Brackets and backquotes mean something in headlines.
fn headline(variable: &DraftVariable<'_>) -> String {
    let label = variable.column.label.as_deref().unwrap_or(&variable.column.name);
    let plain = |character: char| match character {
        '[' | '{' => '(',
        ']' | '}' => ')',
        '<' | '>' | '*' | '`' | '\\' | '#' | '|' | '~' => ' ',
        other => other,
    };
    one_line(&label.chars().map(plain).collect::<String>())
}

fn published(wave: WaveId) -> String {
    format!("{}-01-01", wave.year() + 1)
}

/// A text in one line, with single blanks.
fn one_line(text: &str) -> String {
    let printable = |character: char| if character.is_control() { ' ' } else { character };
    text.chars().map(printable).collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text that ends no comment.
fn comment(text: &str) -> String {
    one_line(text)
}

/// A text as a basic string of TOML.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            control if control.is_control() => quoted.push_str(&format!("\\u{:04X}", u32::from(control))),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}
