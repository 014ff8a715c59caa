// The whole computation against the plain spelling of its definition, over random shops.
#include <algorithm>
#include <random>

#include <gtest/gtest.h>

#include "exec/engine_impl.hpp"
#include "small_engine.hpp"
#include "test_seed.hpp"

namespace quintile {
namespace {

using testing::as_of;
using testing::find_zone;
using testing::ingest;
using testing::make_engine;
using testing::NaiveLine;
using testing::NaiveQuestion;
using testing::NaiveRow;
using testing::TestColumn;

constexpr std::int64_t kMinute = 60 * kMicrosecondsPerSecond;

// Random shops and models. Few distinct values on purpose: ties, shared order ids, equal times,
// opposite amounts and window edges are the interesting cases.
class Shop {
 public:
  explicit Shop(std::uint64_t seed) : random_(seed) {}

  int below(int limit) { return static_cast<int>(random_() % static_cast<unsigned>(limit)); }
  bool chance(int percent) { return below(100) < percent; }
  template <class T>
  const T& pick(const std::vector<T>& values) {
    return values[static_cast<std::size_t>(below(static_cast<int>(values.size())))];
  }

  std::vector<NaiveLine> lines(const TimeZone& zone) {
    const int contacts = pick<int>({1, 2, 7, 40, 150});
    const int count = pick<int>({0, 1, 5, 60, 600});
    // Around the changes of the clock of 2011, and a wide span before.
    const std::int64_t begin = as_of("2011-03-25", zone).instant_us;
    const std::int64_t span = pick<std::int64_t>({5, 40, 400}) * kMicrosecondsPerDay;
    const int amounts = pick<int>({1, 3, 2000});
    std::vector<NaiveLine> all;
    for (int i = 0; i < count; ++i) {
      NaiveLine line;
      const int contact = below(contacts);
      line.contact = chance(50) ? std::to_string(contact) : "c" + std::to_string(contact % 10);
      line.time = begin + below(200) * (span / 200) + below(3) * 30 * kMinute;
      line.amount = (below(amounts) + 1) * pick<int>({1, 1, 1, -1}) * (chance(95) ? 1 : 0);
      if (chance(70)) {
        line.order = (chance(50) ? "" : "A") + std::to_string(below(count / 3 + 1));
      }
      line.category = pick<std::string>({"", "postage", "book", "toy"});
      if (chance(50)) {
        line.quantity = (below(5) - 1) * 500;
      }
      all.push_back(line);
      if (chance(5)) {
        all.push_back(line);  // identical lines all count
      }
    }
    return all;
  }

  std::string window() {
    return pick<std::string>({"", "window: 30d", "window: 1d", "window: 365d", "window: 48h",
                              "window: 90m", "window: {recency: 60d, frequency: 30d}",
                              "window: {monetary: 72h}"});
  }

  std::string tiers(int k) {
    const std::string count = std::to_string(k);
    const std::string method = pick<std::string>({"quantile", "quantile", "ntile"});
    return "{" + method + ": " + count + "}";
  }

  // A model in YAML; tiers 5x5x5 so that one class map serves all.
  std::string model(bool where, bool population) {
    std::string yaml = "name: shop\n" + window() + "\n";
    yaml += "monetary: " + pick<std::string>({"net", "net", "gross", "mean"}) + "\n";
    yaml += "returns: " + pick<std::string>({"net", "net", "match"}) + "\n";
    yaml += "zero_is_purchase: " + pick<std::string>({"false", "true"}) + "\n";
    if (where) {
      yaml += "where: \"category <> 'postage'\"\n";
    }
    if (population) {
      yaml += "population: \"country = 'PL'\"\n";
    }
    yaml += "tiers:\n  recency: ";
    yaml += chance(30) ? "{fixed: [90, 60, 30, 10, 5]}" : tiers(5);
    yaml += "\n  frequency: ";
    yaml += chance(30) ? "{fixed: [1, 2, 3, 5, 10]}" : tiers(5);
    yaml += "\n  monetary: ";
    yaml += chance(30) ? "{fixed: [\"0.01\", \"0.50\", \"2\", \"5\", \"10.00\"]}" : tiers(5);
    yaml +=
        "\nclasses:\n"
        "  - fresh: {r: 5, first_days: \"<= 3\"}\n"
        "  - champions: {r: [4, 5], fm: [4, 5], recency_days: \"<= 20\"}\n"
        "  - big: {m: 5, monetary: \">= 3\"}\n"
        "  - often: {f: [3, 5], frequency: \">= 2\"}\n"
        "  - sleepy: {r: [1, 2], m: [1, 2]}\n" +
        ladder() + "otherwise: middling\n";
    return yaml;
  }

  // Sometimes more conditions than the table of classes takes.
  std::string ladder() {
    std::string yaml;
    for (int step = chance(40) ? 6 : 0; step > 0; --step) {
      const std::string number = std::to_string(step);
      yaml += "  - money" + number + ": {monetary: \">= " + number + "\"}\n";
      yaml += "  - days" + number + ": {recency_days: \"<= " + number + "\"}\n";
    }
    return yaml;
  }

 private:
  std::mt19937_64 random_;
};

// What the engine says, by contact id.
std::map<std::string, NaiveRow> rows_of(const Generation& generation) {
  std::map<std::string, NaiveRow> rows;
  const RfmResult& result = *generation.rfm("shop");
  std::string last;
  for (const RowId row : generation.rows_in_id_order()) {
    const std::string id = generation.contact_id(row);
    EXPECT_TRUE(last.empty() || last < id);
    last = id;
    const std::size_t i = to_index(row);
    if (!result.is_listed(row)) {
      EXPECT_EQ(result.tiers(Axis::kRecency)[i], 0);
      continue;
    }
    NaiveRow& out = rows[id];
    if (result.recency_days()[i] != kNoRecency) out.recency_days = result.recency_days()[i];
    if (result.first_days()[i] != kNoRecency) out.first_days = result.first_days()[i];
    out.frequency = result.frequency()[i];
    out.monetary_empty = result.monetary_empty(row);
    out.monetary = out.monetary_empty ? 0 : result.monetary()[i];
    out.r = result.tiers(Axis::kRecency)[i];
    out.f = result.tiers(Axis::kFrequency)[i];
    out.m = result.tiers(Axis::kMonetary)[i];
    out.class_name = result.class_infos()[result.classes()[i]].name;
  }
  EXPECT_EQ(rows.size(), result.listed_count());
  return rows;
}

void expect_equal(const std::map<std::string, NaiveRow>& found,
                  const std::map<std::string, NaiveRow>& expected) {
  ASSERT_EQ(found.size(), expected.size());
  for (const auto& [id, want] : expected) {
    ASSERT_TRUE(found.contains(id)) << id;
    const NaiveRow& got = found.at(id);
    EXPECT_EQ(got.recency_days, want.recency_days) << id;
    EXPECT_EQ(got.first_days, want.first_days) << id;
    EXPECT_EQ(got.frequency, want.frequency) << id;
    EXPECT_EQ(got.monetary_empty, want.monetary_empty) << id;
    if (!want.monetary_empty) {
      EXPECT_EQ(to_text(got.monetary), to_text(want.monetary)) << id;
    }
    EXPECT_EQ(got.r, want.r) << id;
    EXPECT_EQ(got.f, want.f) << id;
    EXPECT_EQ(got.m, want.m) << id;
    EXPECT_EQ(got.class_name, want.class_name) << id;
  }
}

void expect_measures(const RfmResult& result, const std::map<std::string, NaiveRow>& expected) {
  std::map<std::string, GroupMeasures> classes;
  GroupMeasures total;
  for (const auto& [id, row] : expected) {
    for (GroupMeasures* group : {&classes[row.class_name], &total}) {
      ++group->contacts;
      group->revenue += row.revenue;
      group->units += row.units;
      group->orders += row.orders;
      group->purchases += row.purchases;
      group->recency_contacts += row.recency_days ? 1 : 0;
      group->recency_days_sum += static_cast<std::uint64_t>(row.recency_days.value_or(0));
      group->frequency_sum += row.frequency;
      group->monetary_contacts += row.monetary_empty ? 0 : 1;
      group->monetary_sum += row.monetary_empty ? 0 : row.monetary;
    }
  }
  const auto same = [](const GroupMeasures& a, const GroupMeasures& b) {
    EXPECT_EQ(a.contacts, b.contacts);
    EXPECT_EQ(to_text(a.revenue), to_text(b.revenue));
    EXPECT_EQ(to_text(a.units), to_text(b.units));
    EXPECT_EQ(a.orders, b.orders);
    EXPECT_EQ(a.purchases, b.purchases);
    EXPECT_EQ(a.recency_contacts, b.recency_contacts);
    EXPECT_EQ(a.recency_days_sum, b.recency_days_sum);
    EXPECT_EQ(a.frequency_sum, b.frequency_sum);
    EXPECT_EQ(a.monetary_contacts, b.monetary_contacts);
    EXPECT_EQ(to_text(a.monetary_sum), to_text(b.monetary_sum));
  };
  same(result.total(), total);
  for (const ClassInfo& info : result.class_infos()) {
    SCOPED_TRACE(info.name);
    same(info.measures, classes[info.name]);
    if (info.measures.contacts != 0) {
      EXPECT_TRUE(info.reachable);
      EXPECT_TRUE(info.reachable_now);
    }
  }
}

const std::vector<std::string> kZones{"UTC", "Europe/Warsaw", "America/New_York", "Asia/Kathmandu"};

class Question {
 public:
  Question(Shop& shop, bool where, bool population) : zone_name_(shop.pick(kZones)) {
    question_.zone = find_zone(zone_name_);
    yaml_ = shop.model(where, population);
    Result<RfmModel> model = parse_rfm_model(yaml_, "random.yaml", 2);
    EXPECT_TRUE(model.ok()) << model.status().message() << "\n" << yaml_;
    model_ = std::make_unique<RfmModel>(std::move(model).value());
    question_.model = model_.get();
    question_.as_of =
        as_of(shop.pick<std::string>({"2011-03-27", "2011-04-10", "2011-11-06", "2012-06-01",
                                      "2011-04-10 13:45", "2011-03-28 00:00", "2010-01-01"}),
              question_.zone);
    if (where) {  // a null category is not "different": the comparison is unknown
      question_.where = [](const NaiveLine& line) {
        return !line.category.empty() && line.category != "postage";
      };
    }
    if (population) {
      question_.population = [](const std::string& contact) { return contact.size() % 2 == 0; };
    }
  }

  [[nodiscard]] const NaiveQuestion& get() const { return question_; }
  [[nodiscard]] const std::string& yaml() const { return yaml_; }
  [[nodiscard]] const std::string& zone_name() const { return zone_name_; }
  [[nodiscard]] std::string trace() const {
    return yaml_ + "as of " + question_.as_of.text + " in " + zone_name_;
  }

 private:
  std::string zone_name_;
  std::string yaml_;
  std::unique_ptr<RfmModel> model_;
  NaiveQuestion question_;
};

Schema country_schema() { return Schema::create({{"country", DataType::kCategory}}).value(); }

void ingest_countries(Engine& engine, const std::vector<NaiveLine>& lines) {
  std::vector<std::optional<std::string>> ids;
  std::vector<std::optional<std::string>> countries;
  for (const NaiveLine& line : lines) {
    ids.emplace_back(line.contact);
    countries.emplace_back(line.contact.size() % 2 == 0 ? "PL" : "DE");
  }
  ArrowArrayStream stream = testing::make_stream(
      {testing::text_column("contact", ids), testing::text_column("country", countries)});
  ASSERT_TRUE(engine.ingest_contacts(&stream).ok());
}

// Contacts that were introduced but have no line yet are prospects, not rows: the definition's
// measures are over rows, so a shop with a population is not asked for them.
TEST(RfmRun, EqualsTheDefinition) {
  for (const std::uint64_t seed : testing::test_seeds(300)) {
    SCOPED_TRACE(testing::seed_trace(seed));
    Shop shop(seed);
    const bool where = shop.chance(25);
    const bool population = shop.chance(25);
    const Question question(shop, where, population);
    SCOPED_TRACE(question.trace());
    const std::vector<NaiveLine> lines = shop.lines(question.get().zone);
    const auto expected = testing::naive_rfm(lines, question.get());
    for (const bool general_only : {false, true}) {
      SCOPED_TRACE(general_only ? "line by line" : "whole orders");
      std::unique_ptr<Engine> engine =
          make_engine(question.zone_name(), 1 + shop.below(3), country_schema());
      EngineInternals::of(*engine).general_only = general_only;
      ASSERT_NO_FATAL_FAILURE(ingest(*engine, lines, 1 + static_cast<std::size_t>(shop.below(99))));
      if (population) {
        ASSERT_NO_FATAL_FAILURE(ingest_countries(*engine, lines));
      }
      ASSERT_TRUE(engine->define(*question.get().model).ok());
      const auto generation = engine->recompute(question.get().as_of);
      ASSERT_TRUE(generation.ok()) << generation.status().message();
      ASSERT_NO_FATAL_FAILURE(expect_equal(rows_of(**generation), expected));
      if (!population) {
        expect_measures(*(*generation)->rfm("shop"), expected);
      }
    }
    if (HasFailure()) {
      return;
    }
  }
}

// Lines in several calls, with computations between them, give what one call gives.
TEST(RfmRun, AppendingEqualsOneIngest) {
  for (const std::uint64_t seed : testing::test_seeds(60)) {
    SCOPED_TRACE(testing::seed_trace(seed));
    Shop shop(seed);
    const Question question(shop, shop.chance(30), false);
    SCOPED_TRACE(question.trace());
    std::vector<NaiveLine> lines = shop.lines(question.get().zone);
    std::unique_ptr<Engine> engine = make_engine(question.zone_name(), 2);
    ASSERT_TRUE(engine->define(*question.get().model).ok());
    for (std::size_t begin = 0; begin < lines.size();) {
      const std::size_t end =
          std::min(lines.size(), begin + 1 + static_cast<std::size_t>(shop.below(80)));
      const auto first = lines.begin() + static_cast<std::ptrdiff_t>(begin);
      const auto last = lines.begin() + static_cast<std::ptrdiff_t>(end);
      ASSERT_NO_FATAL_FAILURE(ingest(*engine, {first, last}));
      begin = end;
      const auto generation = engine->recompute(question.get().as_of);
      if (shop.chance(30) || begin == lines.size()) {
        ASSERT_TRUE(generation.ok()) << generation.status().message();
        const std::vector<NaiveLine> so_far(lines.begin(), last);
        ASSERT_NO_FATAL_FAILURE(
            expect_equal(rows_of(**generation), testing::naive_rfm(so_far, question.get())));
      }
    }
    if (HasFailure()) {
      return;
    }
  }
}

// The contacts of the shop lie on both sides of the edge between two blocks.
TEST(RfmRun, EqualsTheDefinitionAcrossBlocks) {
  TestColumn fillers = testing::text_column("contact", {});
  for (std::uint32_t i = 0; i < kRowsPerBlock - 20; ++i) {
    fillers.texts.emplace_back("filler" + std::to_string(i));
  }
  for (const std::uint64_t seed : testing::test_seeds(25)) {
    SCOPED_TRACE(testing::seed_trace(seed));
    Shop shop(seed);
    const bool population = shop.chance(50);
    const Question question(shop, shop.chance(50), population);
    SCOPED_TRACE(question.trace());
    const std::vector<NaiveLine> lines = shop.lines(question.get().zone);
    std::unique_ptr<Engine> engine = make_engine(question.zone_name(), 2, country_schema());
    ArrowArrayStream stream = testing::make_stream({fillers});
    ASSERT_TRUE(engine->ingest_contacts(&stream).ok());
    if (population) {
      ASSERT_NO_FATAL_FAILURE(ingest_countries(*engine, lines));
    }
    ASSERT_NO_FATAL_FAILURE(ingest(*engine, lines, 100));
    ASSERT_TRUE(engine->define(*question.get().model).ok());
    const auto generation = engine->recompute(question.get().as_of);
    ASSERT_TRUE(generation.ok()) << generation.status().message();
    ASSERT_NO_FATAL_FAILURE(
        expect_equal(rows_of(**generation), testing::naive_rfm(lines, question.get())));
    if (!population) {  // the fillers are prospects
      EXPECT_EQ((*generation)->rfm("shop")->total().contacts,
                (*generation)->rfm("shop")->listed_count() + fillers.size());
    }
    if (HasFailure()) {
      return;
    }
  }
}

// More than one block, and every number of threads: equal bit for bit.
TEST(RfmRun, ThreadsDoNotChangeResults) {
  std::mt19937_64 random(17);
  std::vector<NaiveLine> lines;
  const TimeZone zone = find_zone("Europe/Warsaw");
  const std::int64_t begin = as_of("2011-01-01", zone).instant_us;
  for (int i = 0; i < 260'000; ++i) {
    NaiveLine line;
    line.contact = std::to_string(random() % 150'000);
    line.time = begin + static_cast<std::int64_t>(random() % 300) * kMicrosecondsPerDay;
    line.amount = static_cast<std::int64_t>(random() % 100'000) - 10'000;
    line.order = std::to_string(random() % 200'000);
    lines.push_back(line);
  }
  const RfmModel model =
      parse_rfm_model(
          "name: shop\ntiers:\n  recency: {quantile: 5}\n  frequency: {ntile: 4}\n"
          "  monetary: {quantile: 10}\nclasses:\n  - good: {r: [3, 5]}\notherwise: other\n",
          "m.yaml", 2)
          .value();
  const NaiveQuestion question{&model, as_of("2011-10-01", zone), zone, {}, {}};
  const auto expected = testing::naive_rfm(lines, question);
  for (const int threads : {1, 2, 7}) {
    SCOPED_TRACE(threads);
    std::unique_ptr<Engine> engine = make_engine("Europe/Warsaw", threads);
    ASSERT_NO_FATAL_FAILURE(ingest(*engine, lines, 50'000));
    ASSERT_TRUE(engine->define(model).ok());
    const auto generation = engine->recompute(question.as_of);
    ASSERT_TRUE(generation.ok()) << generation.status().message();
    ASSERT_NO_FATAL_FAILURE(expect_equal(rows_of(**generation), expected));
    expect_measures(*(*generation)->rfm("shop"), expected);
    const RowSet& good = *(*generation)->segment("shop.good");
    EXPECT_EQ(good.count(), (*generation)->rfm("shop")->class_infos()[0].measures.contacts);
    for (const RowId row : good) {
      ASSERT_EQ((*generation)->rfm("shop")->classes()[to_index(row)], 0);
    }
  }
}

}  // namespace
}  // namespace quintile
