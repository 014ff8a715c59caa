// The command `generate`: a made-up shop as files.
#include <array>
#include <atomic>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <system_error>
#include <unistd.h>

#include <CLI/CLI.hpp>

#include "command.hpp"
#include "loader_library.hpp"
#include "number_text.hpp"
#include "progress.hpp"
#include <quintile/datasets/shop.hpp>

namespace quintile::cli {
namespace {

namespace fs = std::filesystem;
using datasets::ShopFacts;
using datasets::ShopOptions;
using datasets::Table;
using datasets::TableFile;

constexpr const char* kFooter =
    "The same options give the same files on every machine, for any number of threads.\n"
    "\n"
    "Examples:\n"
    "  quintile generate --contacts 1000000 --seed 7 --out shop\n"
    "  quintile generate --contacts 500 --format csv --events off --out small-shop\n"
    "  quintile generate --contacts 10000 --end 2024-06-30 --days 365 --out year-shop --force\n"
    "  quintile rfm --orders shop/orders.parquet --as-of 2025-12-31 --summary";

constexpr const char* kConfigName = "quintile.yaml";

struct GenerateOptions {
  ShopOptions shop;
  std::string out;
  std::string format = "parquet";
  std::string events = "on";
  std::string end = "2025-12-31";
  bool force = false;
  bool quiet = false;
};

// Set by a signal; the work ends at the next report of progress and the folder is cleaned.
std::atomic<int> end_signal{0};

extern "C" void on_generate_signal(int number) { end_signal.store(number); }

class SignalWatch {
 public:
  SignalWatch() {
    for (std::size_t i = 0; i < kSignals.size(); ++i) {
      before_[i] = std::signal(kSignals[i], on_generate_signal);
      if (before_[i] == SIG_IGN) {
        std::signal(kSignals[i], SIG_IGN);
      }
    }
  }
  ~SignalWatch() {
    for (std::size_t i = 0; i < kSignals.size(); ++i) {
      std::signal(kSignals[i], before_[i]);
    }
  }
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;

 private:
  static constexpr std::array<int, 3> kSignals = {SIGINT, SIGTERM, SIGHUP};
  std::array<void (*)(int), 3> before_{};
};

Failure folder_failure(const std::string& what, const fs::path& path,
                       const std::error_code& error) {
  return {ExitCode::kData, what + " '" + path.string() + "': " + error.message()};
}

// A folder inside the wanted one, where the files grow until all of them are complete. Dropped
// without commit(), it leaves nothing behind, not even folders that it had to create.
class Staging {
 public:
  Staging() = default;
  ~Staging() {
    std::error_code ignored;
    if (!folder_.empty()) {
      fs::remove_all(folder_, ignored);
    }
    // Only empty ones go; after commit() they hold the files.
    for (const fs::path& created : created_) {
      fs::remove(created, ignored);
    }
  }
  Staging(const Staging&) = delete;
  Staging& operator=(const Staging&) = delete;

  [[nodiscard]] std::optional<Failure> create(const fs::path& out) {
    out_ = out;
    std::error_code error;
    for (fs::path missing = fs::absolute(out).lexically_normal();
         !missing.empty() && !fs::exists(missing, error); missing = missing.parent_path()) {
      created_.push_back(missing);
    }
    fs::create_directories(out, error);
    if (error) {
      return folder_failure("cannot create the folder", out, error);
    }
    const fs::path folder = out / (".quintile." + std::to_string(::getpid()) + ".unfinished");
    fs::create_directory(folder, error);
    if (error) {
      return folder_failure("cannot write to the folder", out, error);
    }
    folder_ = folder;
    return std::nullopt;
  }

  [[nodiscard]] fs::path path(const std::string& name) const { return folder_ / name; }

  // A message about an unfinished file, with the name that the file was going to have.
  [[nodiscard]] std::string shown(std::string message) const {
    const std::string unfinished = folder_.string();
    if (const std::size_t at = message.find(unfinished); at != std::string::npos) {
      message.replace(at, unfinished.size(), out_.string());
    }
    return message;
  }

  [[nodiscard]] std::optional<Failure> commit(const std::vector<std::string>& names) {
    for (const std::string& name : names) {
      std::error_code error;
      fs::rename(path(name), out_ / name, error);
      if (error) {
        return folder_failure("cannot write", out_ / name, error);
      }
    }
    return std::nullopt;
  }

 private:
  fs::path out_;
  fs::path folder_;
  std::vector<fs::path> created_;  // deepest first
};

std::optional<Failure> usage(const std::string& message) {
  return Failure{ExitCode::kUsage, message};
}

std::optional<Failure> parse_events(const std::string& text, double& rate) {
  if (text == "on" || text == "off") {
    rate = text == "on" ? 1.0 : 0.0;
    return std::nullopt;
  }
  const char* end = text.data() + text.size();
  const std::from_chars_result result = std::from_chars(text.data(), end, rate);
  if (result.ec != std::errc{} || result.ptr != end || text.empty()) {
    return usage("--events: expected on, off or a rate such as 0.5, found '" + text + "'");
  }
  return std::nullopt;
}

std::optional<Failure> parse_date(const std::string& text, std::chrono::sys_days& day) {
  int year = 0;
  unsigned month = 0;
  unsigned day_of_month = 0;
  std::array<char, 2> rest{};
  const int fields =
      std::sscanf(text.c_str(), "%4d-%2u-%2u%1s", &year, &month, &day_of_month, rest.data());
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month},
                                         std::chrono::day{day_of_month}};
  if (fields != 3 || text.size() != 10 || !date.ok()) {
    return usage("--end: expected a date such as 2025-12-31, found '" + text + "'");
  }
  day = date;
  return std::nullopt;
}

std::optional<Failure> check(GenerateOptions& options) {
  if (auto failure = parse_events(options.events, options.shop.event_rate)) {
    return failure;
  }
  if (auto failure = parse_date(options.end, options.shop.last_day)) {
    return failure;
  }
  if (const auto problem = datasets::check_options(options.shop)) {
    return usage("generate: " + *problem);
  }
  return std::nullopt;
}

std::vector<Table> wanted_tables(const ShopOptions& shop) {
  if (shop.event_rate > 0.0) {
    return {datasets::kTables.begin(), datasets::kTables.end()};
  }
  return {Table::kContacts, Table::kOrders};
}

std::optional<Failure> write_tables(const GenerateOptions& options, const Staging& staging,
                                    const LoaderLibrary& loader, Progress& progress,
                                    ShopFacts& facts) {
  std::vector<TableFile> files;
  for (const Table table : wanted_tables(options.shop)) {
    const std::string name(datasets::table_name(table));
    files.push_back({table, staging.path(name + "." + options.format).string()});
  }
  const auto write = [&](const std::string& path,
                         ArrowArrayStream* stream) -> std::optional<std::string> {
    const std::optional<Failure> failure = loader.write(path, options.format, stream);
    return failure ? std::optional(staging.shown(failure->message)) : std::nullopt;
  };
  const auto report = [&](std::uint64_t done) {
    progress.advance(done);
    return end_signal.load() == 0;
  };
  if (const auto problem = datasets::write_shop(options.shop, files, write, report, &facts)) {
    return Failure{ExitCode::kData, *problem};
  }
  std::ofstream config(staging.path(kConfigName), std::ios::binary);
  config << datasets::shop_config(options.shop, options.format);
  config.close();
  if (!config) {
    return Failure{ExitCode::kData, std::string("cannot write ") + kConfigName};
  }
  return std::nullopt;
}

std::string facts_text(const ShopFacts& facts) {
  std::string text = counted(facts.contacts, "contact", "contacts") + ", " +
                     counted(facts.purchases, "purchase", "purchases") + " and " +
                     counted(facts.returns, "return", "returns") + " in " +
                     counted(facts.lines, "line", "lines");
  if (facts.events > 0) {
    text += ", " + counted(facts.events, "event", "events");
  }
  return text;
}

std::optional<Failure> generate(GenerateOptions& options, Progress& progress) {
  const fs::path out(options.out);
  std::vector<std::string> names;
  for (const Table table : wanted_tables(options.shop)) {
    names.push_back(std::string(datasets::table_name(table)) + "." + options.format);
  }
  // Last, so that a configuration never names files that are not there yet.
  names.emplace_back(kConfigName);
  for (const std::string& name : names) {
    std::error_code ignored;
    if (!options.force && fs::exists(out / name, ignored)) {
      return Failure{ExitCode::kData, "'" + (out / name).string() +
                                          "' exists; --force replaces it, or give another --out"};
    }
  }
  LoaderLibrary loader;
  if (auto failure = loader.load()) {
    return failure;
  }
  Staging staging;
  if (auto failure = staging.create(out)) {
    return failure;
  }
  progress.start("Generate", options.shop.contacts);
  ShopFacts facts;
  if (auto failure = write_tables(options, staging, loader, progress, facts)) {
    return failure;
  }
  if (auto failure = staging.commit(names)) {
    return failure;
  }
  progress.finish(facts_text(facts));
  progress.note("Files are in " + options.out + "; " + kConfigName + " loads them");
  return std::nullopt;
}

// Numbers without a sign: CLI11 would turn -5 into a number of twenty digits.
CLI::Validator whole_number() {
  return CLI::Validator(
      [](const std::string& text) {
        const bool digits =
            !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
        return digits ? std::string() : "expected a whole number, got '" + text + "'";
      },
      "");
}

ExitCode run(GenerateOptions& options) {
  if (auto failure = check(options)) {
    return report_failure(*failure);
  }
  std::optional<Failure> failure;
  {
    const SignalWatch watch;
    Progress progress(options.quiet);
    failure = generate(options, progress);
  }
  if (end_signal.load() != 0) {
    // The folder is clean again: end the way the sender of the signal expects.
    ::raise(end_signal.load());
  }
  return failure ? report_failure(*failure) : ExitCode::kDone;
}

}  // namespace

Command add_generate(CLI::App& program) {
  auto options = std::make_shared<GenerateOptions>();
  CLI::App* app = program.add_subcommand("generate", "Make up a shop: contacts, orders, events");
  app->footer(kFooter);
  app->add_option("--contacts", options->shop.contacts, "How many contacts")
      ->check(whole_number())
      ->capture_default_str()
      ->type_name("N");
  app->add_option("--seed", options->shop.seed, "Another number, another shop")
      ->check(whole_number())
      ->capture_default_str()
      ->type_name("N");
  app->add_option("--out", options->out, "Folder of the files; created if need be")
      ->required()
      ->type_name("DIR");
  app->add_option("--format", options->format, "parquet or csv")
      ->check(CLI::IsMember({"parquet", "csv"}))
      ->capture_default_str()
      ->type_name("FORMAT");
  app->add_option("--end", options->end, "Last day of the history")
      ->capture_default_str()
      ->type_name("DATE");
  app->add_option("--days", options->shop.days, "Length of the history")
      ->check(whole_number())
      ->capture_default_str()
      ->type_name("N");
  app->add_option("--events", options->events, "on, off, or how busy visitors are: 0.5, 2, ...")
      ->capture_default_str()
      ->type_name("on|off|RATE");
  app->add_option("--threads", options->shop.threads,
                  "Threads to generate with (default: one per core)")
      ->check(CLI::Range(1, 256))
      ->type_name("N");
  app->add_flag("--force", options->force, "Replace files that are there");
  app->add_flag("--quiet", options->quiet, "No progress; only warnings and errors");
  return {app, [options] { return run(*options); }};
}

}  // namespace quintile::cli
