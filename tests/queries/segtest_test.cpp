// Runs tests/queries/*.segtest, each under several settings.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "chunked_select.hpp"
#include "quintile/expression.hpp"
#include "segtest_file.hpp"
#include "segtest_world.hpp"

namespace quintile::testing {
namespace {

namespace fs = std::filesystem;

const std::vector<SegtestSetting>& settings() {
  static const std::vector<SegtestSetting> all = {
      {"plain", 2, kRowsPerBlock, 1},
      {"one_thread_chunks_of_64", 1, 64, 23},
      {"three_threads", 3, kRowsPerBlock, 40},
  };
  return all;
}

// Compiled in: the build lists the cases before any environment is set.
fs::path folder() { return QUINTILE_SEGTEST_DIR; }

std::vector<std::string> file_names() {
  std::vector<std::string> names;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder())) {
    if (entry.path().extension() == ".segtest") {
      names.push_back(entry.path().stem().string());
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

// What is expected below `----`.
struct Expected {
  std::vector<std::string> ids;
  bool has_ids = false;
  std::uint64_t count = 0;
  bool has_count = false;
  std::uint64_t unknown = 0;
};

Expected read_expected(const SegtestStatement& statement) {
  Expected expected;
  for (const std::string& line : statement.expected) {
    std::vector<std::string> words = split_words(line);
    const std::string kind = words.at(0);
    words.erase(words.begin());
    if (kind == "ids") {
      expected.ids = std::move(words);
      expected.has_ids = true;
    } else if (kind == "count") {
      expected.count = std::stoull(words.at(0));
      expected.has_count = true;
    } else if (kind == "unknown") {
      expected.unknown = std::stoull(words.at(0));
    } else {
      ADD_FAILURE() << "expected ids, count or unknown, got: " << line;
    }
  }
  EXPECT_TRUE(expected.has_ids || expected.has_count) << "nothing is expected";
  return expected;
}

class SegtestRun {
 public:
  SegtestRun(const SegtestSetting& setting, std::string file)
      : setting_(setting), file_(std::move(file)), world_(setting) {}

  void run(const SegtestStatement& statement) {
    SCOPED_TRACE(file_ + ":" + std::to_string(statement.line) + " (" + setting_.name + ")");
    const std::string& kind = statement.words[0];
    if (kind == "copies") {
      copies_ = 1;
    }
    if (kind == "query") {
      query(statement);
    } else if (kind == "error") {
      error(statement);
    } else {
      const Status status = world_.set_up(statement);
      ASSERT_TRUE(status.ok()) << status.message();
    }
  }

 private:
  Result<Selection> select(const SegtestStatement& statement) const {
    const Result<Expression> expression = Expression::parse(statement.text());
    if (!expression.ok()) {
      return expression.status();
    }
    return setting_.chunk_rows == kRowsPerBlock
               ? world_.engine().select(*expression, world_.generation())
               : select_in_chunks(world_.engine(), *expression, world_.generation(),
                                  setting_.chunk_rows);
  }

  void query(const SegtestStatement& statement) const {
    ASSERT_TRUE(world_.is_ready()) << "as_of is missing";
    const Expected expected = read_expected(statement);
    const Result<Selection> found = select(statement);
    ASSERT_TRUE(found.ok()) << statement.text() << "\n" << found.status().message();
    EXPECT_EQ(found->unknown, expected.unknown * copies_) << "unknown of " << statement.text();
    if (expected.has_count) {
      EXPECT_EQ(found->members.count(), expected.count * copies_) << statement.text();
    }
    if (!expected.has_ids) {
      return;
    }
    std::set<std::string> wanted;
    for (std::size_t copy = 0; copy < copies_; ++copy) {
      for (const std::string& id : expected.ids) {
        wanted.insert(copied_id(id, copy));
      }
    }
    std::set<std::string> got;
    for (const RowId row : found->members) {
      got.insert(world_.generation().contact_id(row));
    }
    EXPECT_EQ(got, wanted) << statement.text();
  }

  void error(const SegtestStatement& statement) const {
    ASSERT_TRUE(world_.is_ready()) << "as_of is missing";
    std::string expected;
    for (const std::string& line : statement.expected) {
      expected.append(expected.empty() ? "" : "\n").append(line);
    }
    const Result<Selection> found = select(statement);
    ASSERT_FALSE(found.ok()) << "no error: " << statement.text();
    EXPECT_EQ(found.status().message(), expected) << statement.text();
  }

  SegtestSetting setting_;
  std::string file_;
  SegtestWorld world_;
  std::size_t copies_ = setting_.copies;
};

class Segtest : public ::testing::TestWithParam<std::tuple<std::string, std::size_t>> {};

TEST_P(Segtest, HoldsInEveryStatement) {
  const auto& [name, setting] = GetParam();
  const std::string file = name + ".segtest";
  SegtestRun run(settings()[setting], file);
  const std::vector<SegtestStatement> statements = parse_segtest(read_file(folder() / file));
  ASSERT_FALSE(statements.empty());
  for (const SegtestStatement& statement : statements) {
    run.run(statement);
    if (HasFatalFailure()) {
      return;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Files, Segtest,
                         ::testing::Combine(::testing::ValuesIn(file_names()),
                                            ::testing::Range<std::size_t>(0, settings().size())),
                         [](const auto& run) {
                           return std::get<0>(run.param) + "_" +
                                  settings()[std::get<1>(run.param)].name;
                         });

TEST(SegtestFile, PartsStatementsCellsAndWords) {
  const auto statements =
      parse_segtest("# a note\nquery\na = 1\n  AND b\n----\nids x y\n\nzone UTC\n");
  ASSERT_EQ(statements.size(), 2U);
  EXPECT_EQ(statements[0].line, 2U);
  EXPECT_EQ(statements[0].text(), "a = 1\n  AND b");
  EXPECT_EQ(statements[0].expected, std::vector<std::string>{"ids x y"});
  EXPECT_EQ(statements[1].words, (std::vector<std::string>{"zone", "UTC"}));
  EXPECT_EQ(split_cells("a | - | '-' | 'it''s | x' |"),
            (std::vector<SegtestCell>{"a", std::nullopt, "-", "it's | x", ""}));
}

}  // namespace
}  // namespace quintile::testing
