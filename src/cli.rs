//! The command line: arguments become calls, results become exit codes.
//!
//! This is the only place that reads the environment.

use std::ffi::OsString;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{ArgGroup, Args, CommandFactory, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use jiff::Timestamp;

use crate::building::pipeline::{Clock, Options};
use crate::commands::build::{self, Build};
use crate::commands::check::{self, Check};
use crate::commands::email::{self, Email, Which};
use crate::commands::import::foreign::Origin;
use crate::commands::import::given::Given;
use crate::commands::import::kind::Kind;
use crate::commands::import::landing::Manner;
use crate::commands::import::{self, Import};
use crate::commands::manual;
use crate::commands::output::Voice;
use crate::commands::plan::{self, Form, Plan};
use crate::commands::publish::shipment::Manner as Publishing;
use crate::commands::publish::{self, Publish};
use crate::commands::scaffold::{self, Host, NewArticle, NewCompany, NewEdition};
use crate::commands::serve::{self, Serve};
use crate::commands::tag::{self, Screen, Tagging};
use crate::commands::theme;
use crate::ground::date::{Day, Period, Zone, parse_moment};
use crate::ground::diagnostic::{Code, Diagnostic, Format};
use crate::ground::world::DiskWorld;
use crate::reading::config::{self, BaseUrl};

/// Wrong usage, or a disk that cannot be read or written.
const USAGE: u8 = 2;

/// Turns a folder of Markdown articles, tagged by company, into a briefing site.
#[derive(Debug, Parser)]
#[command(name = "brief", version, about, max_term_width = 100)]
struct Arguments {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Args)]
struct Common {
    /// The site folder
    #[arg(long, global = true, value_name = "DIR", default_value = ".")]
    site: PathBuf,
    /// Say nothing but problems
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    quiet: bool,
    /// Name every article that is held back
    #[arg(long, short, global = true)]
    verbose: bool,
    /// The form in which problems are shown
    #[arg(long, global = true, value_enum, value_name = "FORMAT", default_value_t = MessageFormat::Human)]
    message_format: MessageFormat,
    /// Let warnings fail the command
    #[arg(long, global = true)]
    deny_warnings: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum MessageFormat {
    /// With source lines and carets
    Human,
    /// One line each
    Short,
    /// One JSON object a line
    Json,
    /// Annotations for GitHub
    Github,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Build the site into its output folder
    Build(BuildArguments),
    /// Say what would embarrass: all that a build finds, and what only readers would notice
    Check(CheckArguments),
    /// Show the site in a browser while it is written
    Serve(ServeArguments),
    /// Say which companies articles name, with the words that show it
    Tag(TagArguments),
    /// Say what a page is made of and why it was last rendered
    Why {
        /// Its address, its file in the output, or its source
        page: String,
        /// The output folder [default: the one of brief.yaml, else public]
        #[arg(long, short, value_name = "DIR")]
        output: Option<PathBuf>,
    },
    /// Say what waits and until when, what expires, and what the next build will change
    Plan(PlanArguments),
    /// Write an edition as a newsletter: HTML, plain text, and a message of both
    Email(EmailArguments),
    /// Make articles of pasted texts, saved pages and feeds, or bring a whole site over from another generator
    Import(Box<ImportArguments>),
    /// Build the site, check it, and send what changed to where readers find it
    Publish(PublishArguments),
    /// Start something new
    #[command(subcommand)]
    New(New),
    /// Show what the built-in look is made from, or write files of it out to edit
    #[command(subcommand)]
    Theme(Theme),
    /// Print the script by which a shell completes commands and options
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Write manual pages for `man`
    Man {
        /// The folder for them
        dir: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
enum Theme {
    /// Name the files of the theme, and which of them the site has itself
    List,
    /// Write files of the theme into templates/ and static/, where they take the place of the built-in ones
    Eject {
        /// Files such as article.html or brief.css
        #[arg(required_unless_present = "all")]
        files: Vec<String>,
        /// All files
        #[arg(long)]
        all: bool,
        /// Replace what is there
        #[arg(long)]
        force: bool,
    },
}

#[derive(Debug, Args)]
struct BuildArguments {
    /// The output folder [default: the one of brief.yaml, else public]
    #[arg(long, short, value_name = "DIR")]
    output: Option<PathBuf>,
    /// The address of the site, instead of the one of brief.yaml
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// The day or instant that counts as now
    #[arg(long, value_name = "DATE")]
    date: Option<String>,
    /// Show drafts
    #[arg(long)]
    drafts: bool,
    /// Show articles of the future
    #[arg(long)]
    future: bool,
    /// Make everything anew, whatever is known from the last build
    #[arg(long)]
    clean: bool,
    /// Compare the output with a clean build, file by file
    #[arg(long)]
    verify: bool,
    /// Say for each page that was rendered why it was
    #[arg(long)]
    explain: bool,
    /// Take over an output folder that another program filled
    #[arg(long)]
    adopt: bool,
}

#[derive(Debug, Args)]
struct CheckArguments {
    /// Mend what is safe to mend: write down the ids that articles have
    #[arg(long)]
    fix: bool,
    /// Ask other sites whether the pages still answer to which this one leads
    #[arg(long)]
    external: bool,
    /// Look for addresses that nothing answers any more, in the sitemap that readers have: a file or its address
    #[arg(long, value_name = "SITEMAP")]
    against: Option<String>,
    /// The address of the site, instead of the one of brief.yaml
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// The day or instant that counts as now
    #[arg(long, value_name = "DATE")]
    date: Option<String>,
    /// Check drafts too
    #[arg(long)]
    drafts: bool,
}

#[derive(Debug, Args)]
struct PlanArguments {
    /// The output folder [default: the one of brief.yaml, else public]
    #[arg(long, short, value_name = "DIR")]
    output: Option<PathBuf>,
    /// Look only so far ahead: 7d, 2w, 36h
    #[arg(long, value_name = "TIME")]
    within: Option<String>,
    /// Exit with 3 where a build would change something
    #[arg(long)]
    due: bool,
    /// Print the instant of the next event and nothing else
    #[arg(long, conflicts_with_all = ["json", "within"])]
    next: bool,
    /// Print one object of JSON
    #[arg(long)]
    json: bool,
    /// The address of the site, instead of the one of brief.yaml
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// The day or instant that counts as now
    #[arg(long, value_name = "DATE")]
    date: Option<String>,
}

#[derive(Debug, Args)]
struct EmailArguments {
    /// The day or week: 2025-01-21, 2025-W04; or latest
    edition: String,
    /// The folder for its files [default: mail/EDITION]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// The address of the site, instead of the one of brief.yaml
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// The day or instant that counts as now
    #[arg(long, value_name = "DATE")]
    date: Option<String>,
}

#[derive(Debug, Args)]
struct ImportArguments {
    /// Texts, saved pages, feeds, folders of them, sites of other generators and their exports; `-` is standard input
    #[arg(required = true, value_name = "SOURCE")]
    sources: Vec<PathBuf>,
    /// What they are [default: what they hold tells]
    #[arg(long, value_enum, value_name = "KIND")]
    from: Option<KindName>,
    /// When it appeared
    #[arg(long, value_name = "DATE")]
    date: Option<String>,
    /// The address at which it appeared
    #[arg(long, value_name = "URL")]
    source_url: Option<String>,
    /// The name of the publication
    #[arg(long, value_name = "NAME")]
    source_name: Option<String>,
    /// Its headline, instead of its own
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// A topic; once for each
    #[arg(long, value_name = "NAME")]
    topic: Vec<String>,
    /// Who wrote it; once for each
    #[arg(long, value_name = "NAME")]
    author: Vec<String>,
    /// Its part of the address [default: the headline's]
    #[arg(long, value_name = "NAME")]
    slug: Option<String>,
    /// Keep it off the site for now
    #[arg(long)]
    draft: bool,
    /// Say what would come in, and write nothing; a single article is printed
    #[arg(long)]
    dry_run: bool,
    /// Replace what is there already, edited or not
    #[arg(long)]
    force: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum KindName {
    /// A text that was pasted or scraped
    Text,
    /// A saved web page
    Page,
    /// RSS, Atom or JSON Feed
    Feed,
    /// The folder of a Hugo site
    Hugo,
    /// The folder of a Jekyll site
    Jekyll,
    /// The folder of a Zola site
    Zola,
    /// The folder of an Eleventy site
    Eleventy,
    /// The folder of an Astro site
    Astro,
    /// The JSON file that Ghost exports
    Ghost,
    /// The WXR file that WordPress exports
    #[value(name = "wordpress")]
    WordPress,
}

#[derive(Debug, Args)]
struct PublishArguments {
    /// A target under `publish` in brief.yaml [default: the only one]
    target: Option<String>,
    /// Say what would be sent and deleted, and do neither
    #[arg(long)]
    dry_run: bool,
    /// Take over a place that another program filled: its other files stay
    #[arg(long)]
    adopt: bool,
    /// Delete any number of files that the site no longer has
    #[arg(long)]
    delete_many: bool,
    /// Break the lock that a publish left which was cut
    #[arg(long)]
    unlock: bool,
}

#[derive(Debug, Args)]
struct ServeArguments {
    /// The address to listen on
    #[arg(long, value_name = "HOST", default_value = "127.0.0.1")]
    host: String,
    /// The port [default: the first free one from 1111 on]
    #[arg(long, short, value_name = "PORT")]
    port: Option<u16>,
    /// Open a browser
    #[arg(long)]
    open: bool,
    /// Look at the files every so many milliseconds, for disks that tell of no changes
    #[arg(long, value_name = "MS", num_args = 0..=1, default_missing_value = "500", require_equals = true)]
    poll: Option<u64>,
    /// Hold drafts and articles of the future back, as a build does
    #[arg(long)]
    as_published: bool,
    /// The address of the site, instead of the one of brief.yaml
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// The day or instant that counts as now
    #[arg(long, value_name = "DATE")]
    date: Option<String>,
}

#[derive(Debug, Args)]
#[command(group(ArgGroup::new("writing").args(["write", "dry_run"]).multiple(true)))]
struct TagArguments {
    /// Articles, or folders of articles [default: all of the site]
    paths: Vec<PathBuf>,
    /// A register of its own; the paths may then be any folders of Markdown
    #[arg(long, value_name = "FILE")]
    companies: Option<PathBuf>,
    /// Print a line of JSON for each article
    #[arg(long, conflicts_with_all = ["write", "dry_run"])]
    json: bool,
    /// Write the companies into the front matter, and change nothing else
    #[arg(long)]
    write: bool,
    /// Show what --write would change
    #[arg(long)]
    dry_run: bool,
    /// Write the key anew where an article has one
    #[arg(long, requires = "writing")]
    replace: bool,
    /// Count only companies that are at least so sure, from 0 to 1
    #[arg(long, value_name = "NUMBER")]
    min_confidence: Option<f64>,
}

#[derive(Debug, Subcommand)]
enum New {
    /// Write a small working briefing into a new folder
    Site {
        /// The folder
        dir: PathBuf,
    },
    /// Write an article with its headline, its date and its permanent name
    Article {
        /// The headline
        title: String,
        /// Its day [default: now]
        #[arg(long, value_name = "DATE")]
        date: Option<String>,
        /// Its part of the address [default: the headline's]
        #[arg(long, value_name = "NAME")]
        slug: Option<String>,
        /// A company it is about; once for each
        #[arg(long, value_name = "NAME")]
        company: Vec<String>,
        /// A topic; once for each
        #[arg(long, value_name = "NAME")]
        topic: Vec<String>,
        /// Keep it off the site for now
        #[arg(long)]
        draft: bool,
    },
    /// Add a company to the register
    Company {
        /// Its name
        name: String,
        /// Another name; once for each
        #[arg(long, value_name = "NAME")]
        alias: Vec<String>,
        /// A symbol with its exchange, such as NASDAQ:MSFT; once for each
        #[arg(long, value_name = "SYMBOL")]
        ticker: Vec<String>,
        /// Its address
        #[arg(long, value_name = "URL")]
        website: Option<String>,
        /// What it does
        #[arg(long, value_name = "TEXT")]
        sector: Option<String>,
        /// Where it sits
        #[arg(long, value_name = "TEXT")]
        country: Option<String>,
    },
    /// Write an edition to arrange by hand
    Edition {
        /// The day or week: 2025-01-21, 2025-W04
        period: String,
        /// Write down its order and headlines as they are now, so that they stay
        #[arg(long)]
        fix: bool,
    },
    /// Write the file by which a host builds, checks and publishes the site, after every push and once a day
    Workflow {
        /// The host
        host: HostName,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum HostName {
    /// GitHub Pages
    Github,
    /// GitLab Pages
    Gitlab,
    /// Netlify
    Netlify,
    /// Cloudflare Pages, from a repository at GitHub
    Cloudflare,
}

/// Runs the program with its arguments and gives the exit code.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are asked for, and are no mistake. A closed pipe is nobody's problem.
            let _ = error.print();
            return if error.use_stderr() { USAGE } else { 0 };
        }
    };
    let voice = voice(&arguments.common);
    let done = match arguments.command {
        Command::Build(build) => run_build(&arguments.common, build, voice),
        Command::Check(check) => run_check(&arguments.common, check, voice),
        Command::Serve(serve) => run_serve(&arguments.common, serve, voice),
        Command::Tag(tag) => run_tag(&arguments.common, tag, voice),
        Command::Why { page, output } => run_why(&arguments.common, &page, output.as_deref(), voice),
        Command::Plan(plan) => run_plan(&arguments.common, plan, voice),
        Command::Email(email) => run_email(&arguments.common, email, voice),
        Command::Import(import) => run_import(&arguments.common, *import, voice),
        Command::Publish(publish) => run_publish(&arguments.common, publish, voice),
        Command::New(New::Site { dir }) => new_site(&dir, voice),
        Command::Theme(theme) => run_theme(&arguments.common, theme, voice),
        Command::Completions { shell } => manual::completions(Arguments::command(), shell),
        Command::Man { dir } => manual::pages(Arguments::command(), &dir),
        Command::New(new) => run_new(&arguments.common, new, voice),
    };
    done.unwrap_or_else(|why| {
        // Where even the error stream is closed there is nobody left to tell.
        let _ = writeln!(io::stderr(), "error: {why}");
        USAGE
    })
}

fn voice(common: &Common) -> Voice {
    let format = match common.message_format {
        MessageFormat::Human => Format::Human,
        MessageFormat::Short => Format::Short,
        MessageFormat::Json => Format::Json,
        MessageFormat::Github => Format::Github,
    };
    Voice {
        format,
        quiet: common.quiet,
        verbose: common.verbose,
        colour: io::stderr().is_terminal() && has_colour(),
        deny_warnings: common.deny_warnings,
    }
}

/// Whether nobody has asked for text without colour: https://no-color.org, any value but the empty one.
fn has_colour() -> bool {
    environment("NO_COLOR").is_none_or(|value| value.is_empty())
}

fn run_build(common: &Common, arguments: BuildArguments, voice: Voice) -> Result<u8, String> {
    if let Some(problem) = no_site(&common.site) {
        voice.problem(problem).map_err(|error| error.to_string())?;
        return Ok(USAGE);
    }
    let base_url = base_url(arguments.base_url)?;
    let options = Options {
        base_url,
        clock: clock(arguments.date)?,
        drafts: arguments.drafts,
        future: arguments.future,
        clean: arguments.clean,
        explain: arguments.explain,
        ..Options::default()
    };
    let request = Build {
        output: arguments.output,
        adopt: arguments.adopt,
        verify: arguments.verify,
        options,
    };
    build::run(&common.site, &request, voice).map_err(|error| error.to_string())
}

fn run_check(common: &Common, arguments: CheckArguments, voice: Voice) -> Result<u8, String> {
    if let Some(problem) = no_site(&common.site) {
        voice.problem(problem).map_err(|error| error.to_string())?;
        return Ok(USAGE);
    }
    let request = Check {
        fix: arguments.fix,
        external: arguments.external,
        against: arguments.against,
        is_watched: voice.talks() && io::stderr().is_terminal(),
        options: Options {
            base_url: base_url(arguments.base_url)?,
            clock: clock(arguments.date)?,
            drafts: arguments.drafts,
            ..Options::default()
        },
    };
    check::run(&common.site, &request, voice).map_err(|error| error.to_string())
}

fn run_serve(common: &Common, arguments: ServeArguments, voice: Voice) -> Result<u8, String> {
    if let Some(problem) = no_site(&common.site) {
        voice.problem(problem).map_err(|error| error.to_string())?;
        return Ok(USAGE);
    }
    let request = Serve {
        host: arguments.host,
        port: arguments.port,
        open: arguments.open,
        poll: arguments.poll.map(|pause| Duration::from_millis(pause.max(10))),
        editor: environment("BRIEF_EDITOR").filter(|editor| !editor.trim().is_empty()),
        options: Options {
            base_url: base_url(arguments.base_url)?,
            clock: clock(arguments.date)?,
            drafts: !arguments.as_published,
            future: !arguments.as_published,
            // A change of looks is shown without loading the page again, and in the pages that are open.
            unhosted: true,
            ..Options::default()
        },
    };
    serve::run(&common.site, &request, voice).map_err(|error| error.to_string())
}

fn run_plan(common: &Common, arguments: PlanArguments, voice: Voice) -> Result<u8, String> {
    if let Some(problem) = no_site(&common.site) {
        voice.problem(problem).map_err(|error| error.to_string())?;
        return Ok(USAGE);
    }
    let within = |text: String| {
        plan::parse_within(&text).ok_or_else(|| {
            format!("`{text}` for --within is no stretch of time\nhelp: write `7d`, `2w` or `36h`")
        })
    };
    let request = Plan {
        output: arguments.output,
        within: arguments.within.map(within).transpose()?,
        form: match (arguments.json, arguments.next) {
            (true, _) => Form::Json,
            (_, true) => Form::Next,
            _ => Form::Calendar,
        },
        tells_due: arguments.due,
        options: Options {
            base_url: base_url(arguments.base_url)?,
            clock: clock(arguments.date)?,
            ..Options::default()
        },
    };
    match plan::run(&common.site, &request, voice) {
        // `brief plan | head`: whoever reads has read enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(0),
        done => done.map_err(|error| error.to_string()),
    }
}

fn run_email(common: &Common, arguments: EmailArguments, voice: Voice) -> Result<u8, String> {
    if let Some(problem) = no_site(&common.site) {
        voice.problem(problem).map_err(|error| error.to_string())?;
        return Ok(USAGE);
    }
    let edition = match arguments.edition.as_str() {
        "latest" => Which::Latest,
        text => Which::Of(edition_period(text)?),
    };
    let request = Email {
        edition,
        out: arguments.out,
        options: Options {
            base_url: base_url(arguments.base_url)?,
            clock: clock(arguments.date)?,
            ..Options::default()
        },
    };
    email::run(&common.site, &request, voice).map_err(|error| error.to_string())
}

fn run_import(common: &Common, arguments: ImportArguments, voice: Voice) -> Result<u8, String> {
    if let Some(problem) = no_site(&common.site) {
        voice.problem(problem).map_err(|error| error.to_string())?;
        return Ok(USAGE);
    }
    let request = Import {
        sources: arguments.sources,
        from: arguments.from.map(|name| match name {
            KindName::Text => Kind::Text,
            KindName::Page => Kind::Page,
            KindName::Feed => Kind::Feed,
            KindName::Hugo => Kind::Site(Origin::Hugo),
            KindName::Jekyll => Kind::Site(Origin::Jekyll),
            KindName::Zola => Kind::Site(Origin::Zola),
            KindName::Eleventy => Kind::Site(Origin::Eleventy),
            KindName::Astro => Kind::Site(Origin::Astro),
            KindName::Ghost => Kind::Site(Origin::Ghost),
            KindName::WordPress => Kind::Site(Origin::WordPress),
        }),
        given: Given {
            title: arguments.title,
            date: arguments.date,
            source_url: arguments.source_url,
            source_name: arguments.source_name,
            slug: arguments.slug,
            topics: arguments.topic,
            authors: arguments.author,
            draft: arguments.draft,
        },
        manner: Manner {
            force: arguments.force,
            dry_run: arguments.dry_run,
        },
        screen: screen(),
    };
    import::run(&common.site, &request, voice)
}

/// Where tables are shown.
fn screen() -> Screen {
    let columns = terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| usize::from(width.0));
    Screen {
        width: columns.unwrap_or(Screen::default().width),
        has_styles: io::stdout().is_terminal() && has_colour(),
        is_terminal: io::stdout().is_terminal(),
    }
}

/// A day or a week, as editions have them.
fn edition_period(text: &str) -> Result<Period, String> {
    Period::parse(text)
        .filter(|period| !matches!(period, Period::Month(_)))
        .ok_or_else(|| format!("`{text}` is no day and no week\nhelp: write `2025-01-21` or `2025-W04`"))
}

fn run_tag(common: &Common, arguments: TagArguments, voice: Voice) -> Result<u8, String> {
    if let Some(problem) = no_site(&common.site).filter(|_| arguments.companies.is_none()) {
        voice.problem(problem).map_err(|error| error.to_string())?;
        return Ok(USAGE);
    }
    let least = match arguments.min_confidence {
        Some(least) if !(0.0..=1.0).contains(&least) => {
            return Err(format!(
                "`{least}` is no confidence\nhelp: write a number from 0 to 1, such as 0.8"
            ));
        }
        least => least.map(|least| (least * 1000.0).round() as u16),
    };
    let request = Tagging {
        paths: arguments.paths,
        companies: arguments.companies,
        json: arguments.json,
        write: arguments.write,
        dry_run: arguments.dry_run,
        replace: arguments.replace,
        least,
        screen: screen(),
    };
    match tag::run(&common.site, &request, voice) {
        // `brief tag | head`: whoever reads has read enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(0),
        done => done.map_err(|error| error.to_string()),
    }
}

fn run_why(common: &Common, page: &str, output: Option<&Path>, voice: Voice) -> Result<u8, String> {
    if let Some(problem) = no_site(&common.site) {
        voice.problem(problem).map_err(|error| error.to_string())?;
        return Ok(USAGE);
    }
    build::why(&common.site, page, output, voice).map_err(|error| error.to_string())
}

/// What is wrong with a folder that is no site.
fn no_site(folder: &Path) -> Option<Diagnostic> {
    let shown = folder.display();
    if !folder.is_dir() {
        return Some(
            Diagnostic::new(Code::NoSite, format!("there is no folder `{shown}`"))
                .help("run brief inside a briefing, or name its folder with `--site`"),
        );
    }
    let is_site = folder.join(config::FILE_NAME).exists() || folder.join("content").is_dir();
    let message = format!("`{shown}` is not a briefing: it has neither `content/` nor `brief.yaml`");
    (!is_site)
        .then(|| Diagnostic::new(Code::NoSite, message).help("start one with `brief new site my-briefing`"))
}

fn base_url(argument: Option<String>) -> Result<Option<BaseUrl>, String> {
    let (name, text) = match argument {
        Some(text) => ("--base-url", text),
        None => match environment("BRIEF_BASE_URL").filter(|text| !text.is_empty()) {
            Some(text) => ("BRIEF_BASE_URL", text),
            None => return Ok(None),
        },
    };
    let explain = |why: String| {
        format!(
            "`{text}` for {name} is not the address of a site: {why}\nhelp: write it like `https://example.org/`"
        )
    };
    BaseUrl::parse(&text).map(Some).map_err(explain)
}

/// `--date`, else SOURCE_DATE_EPOCH, else the clock.
/// Source: the specification of SOURCE_DATE_EPOCH by the Reproducible Builds project, in seconds.
fn clock(argument: Option<String>) -> Result<Clock, String> {
    if let Some(text) = argument {
        if let Some(day) = Day::parse(&text) {
            return Ok(Clock::EndOf(day));
        }
        // An instant needs an offset: the site's zone is not known yet.
        let instant: Result<Timestamp, _> = text.parse();
        return instant.map(Clock::At).map_err(|_| {
            let why = parse_moment(&text, &Zone::utc()).err().unwrap_or_else(|| "it has no offset from UTC".to_owned());
            format!("`{text}` for --date cannot be used: {why}\nhelp: write `2025-01-21` or `2025-01-21T09:30:00Z`")
        });
    }
    let Some(text) = environment("SOURCE_DATE_EPOCH").filter(|text| !text.is_empty()) else {
        return Ok(Clock::World);
    };
    let seconds = text
        .trim()
        .parse()
        .ok()
        .and_then(|seconds| Timestamp::from_second(seconds).ok());
    seconds
        .map(Clock::At)
        .ok_or_else(|| format!("`{text}` for SOURCE_DATE_EPOCH is not a number of seconds"))
}

fn run_publish(common: &Common, arguments: PublishArguments, voice: Voice) -> Result<u8, String> {
    if let Some(problem) = no_site(&common.site) {
        voice.problem(problem).map_err(|error| error.to_string())?;
        return Ok(USAGE);
    }
    let request = Publish {
        target: arguments.target,
        manner: Publishing {
            dry_run: arguments.dry_run,
            adopt: arguments.adopt,
            delete_many: arguments.delete_many,
            unlock: arguments.unlock,
            ..Publishing::default()
        },
        options: Options {
            base_url: base_url(None)?,
            clock: clock(None)?,
            ..Options::default()
        },
    };
    publish::run(&common.site, &request, &environment, voice).map_err(|error| error.to_string())
}

fn run_theme(common: &Common, theme: Theme, voice: Voice) -> Result<u8, String> {
    if let Some(problem) = no_site(&common.site) {
        voice.problem(problem).map_err(|error| error.to_string())?;
        return Ok(USAGE);
    }
    match theme {
        Theme::List => theme::list(&common.site).map_err(|error| error.to_string()),
        Theme::Eject { files, all, force } => theme::eject(&common.site, &files, all, force, voice),
    }
}

fn run_new(common: &Common, new: New, voice: Voice) -> Result<u8, String> {
    if let Some(problem) = no_site(&common.site) {
        voice.problem(problem).map_err(|error| error.to_string())?;
        return Ok(USAGE);
    }
    let world = DiskWorld::new(&common.site)?;
    let written = match new {
        New::Site { dir } => return new_site(&dir, voice),
        New::Article {
            title,
            date,
            slug,
            company,
            topic,
            draft,
        } => {
            let (now, day) = match clock(date)? {
                Clock::EndOf(day) => (now(), Some(day)),
                Clock::At(instant) => (instant, None),
                Clock::World => (now(), None),
            };
            let asked = NewArticle {
                title,
                now,
                day,
                slug,
                companies: company,
                topics: topic,
                draft,
            };
            scaffold::new_article(&world, &common.site, &asked)?
        }
        New::Company {
            name,
            alias,
            ticker,
            website,
            sector,
            country,
        } => {
            let asked = NewCompany {
                name,
                aliases: alias,
                tickers: ticker,
                website,
                sector,
                country,
            };
            scaffold::new_company(&world, &common.site, &asked)?
        }
        New::Edition { period, fix } => {
            let period = edition_period(&period)?;
            let options = Options {
                clock: clock(None)?,
                ..Options::default()
            };
            let asked = NewEdition { period, fix, options };
            scaffold::new_edition(&world, &common.site, &asked)?
        }
        New::Workflow { host } => return new_workflow(&world, &common.site, host, voice),
    };
    let place = match common.site == Path::new(".") {
        true => PathBuf::from(written.path.as_str()),
        false => common.site.join(written.path.as_str()),
    };
    tell_written(&[place], &written.advice, voice);
    Ok(0)
}

fn new_workflow(world: &DiskWorld, site: &Path, host: HostName, voice: Voice) -> Result<u8, String> {
    let host = match host {
        HostName::Github => Host::Github,
        HostName::Gitlab => Host::Gitlab,
        HostName::Netlify => Host::Netlify,
        HostName::Cloudflare => Host::Cloudflare,
    };
    let written = scaffold::new_workflow(world, site, host)?;
    tell_written(&written.files, &written.advice, voice);
    Ok(0)
}

/// Says which files were written, and what to do next.
fn tell_written(files: &[PathBuf], advice: &[String], voice: Voice) {
    // Where even the streams are closed there is nobody left to tell.
    for file in files {
        let shown = file.strip_prefix("./").unwrap_or(file);
        let _ = writeln!(io::stdout(), "{}", shown.display());
    }
    for line in advice.iter().filter(|_| !voice.quiet) {
        let _ = writeln!(io::stderr(), "{line}");
    }
}

fn new_site(folder: &Path, voice: Voice) -> Result<u8, String> {
    let today = match clock(None)? {
        Clock::At(instant) => Zone::utc().day(instant),
        _ => Zone::utc().day(now()),
    };
    let said = scaffold::new_site(folder, &today.to_string())?;
    if !voice.quiet {
        let _ = io::stderr().write_all(said.as_bytes());
    }
    Ok(0)
}

#[expect(
    clippy::disallowed_methods,
    reason = "the command line is where the program meets the clock"
)]
fn now() -> Timestamp {
    Timestamp::now()
}

#[expect(
    clippy::disallowed_methods,
    reason = "the command line is where the program meets the environment"
)]
fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
