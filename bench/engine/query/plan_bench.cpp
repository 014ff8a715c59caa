#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "exec/executor.hpp"
#include "index/row_set_group.hpp"
#include "kernels/each_isa.hpp"
#include "query/plan.hpp"
#include "quintile/row_set.hpp"
#include "support/columns.hpp"
#include "support/measure.hpp"

// Expressions over contacts by a plan, from bound texts to counts or segments.
//   count_8_segments    eight dense segments, as a generation keeps them, only counted:
//                       (s0 OR s1) AND (s2 OR s3) AND NOT s4 AND (s5 OR s6 OR s7);
//                       warm: the same ones again, cold: eight copies in turn;
//                       row_sets: the same by the sets' own operators, pair by pair
//   money, age, country, city   one comparison with a column of 8, 2, 1 and 4 bytes a contact
//   segments_80         40 segments on attributes, 30 on codes and tags, 10 on others, recomputed
namespace quintile::bench {
namespace {

constexpr std::size_t kContacts = 10'000'000;
constexpr std::size_t kSets = 8;
constexpr std::size_t kBlockWords = kRowsPerBlock / 64;

class Texts final : public ExpressionDictionary {
 public:
  Texts(std::string_view prefix, std::uint32_t count) {
    for (std::uint32_t i = 0; i < count; ++i) {
      texts_.push_back(std::string(prefix) + std::to_string(i));
    }
  }
  [[nodiscard]] std::uint32_t size() const noexcept override {
    return static_cast<std::uint32_t>(texts_.size());
  }
  [[nodiscard]] std::string_view text(std::uint32_t code) const noexcept override {
    return texts_[code];
  }

 private:
  std::vector<std::string> texts_;
};

// A table of contacts: what the plans below are bound to.
struct Shop {
  struct Column {
    ExpressionColumn name;
    int value_bytes = 8;
    std::vector<std::byte> values;
    std::vector<std::uint64_t> valid;  // empty: no nulls
  };

  std::size_t contacts = 0;
  Texts countries{"c", 40};
  Texts cities{"t", 5000};
  Texts classes{"k", 12};
  std::vector<Column> columns;
  std::vector<ExpressionColumn> names;
  std::vector<std::string_view> segments;
  std::vector<RowSet> sets;  // segments that are there already: copies of the first kSets in turn
  std::vector<std::vector<std::uint64_t>> tags;  // vip, new, eco
};

void add_column(Shop& shop, const ExpressionColumn& name, int value_bytes, std::uint64_t limit,
                bool has_nulls) {
  FixedRandom random(shop.columns.size() + 31);
  Shop::Column column{name, value_bytes, {}, {}};
  column.values.resize(shop.contacts * static_cast<std::size_t>(value_bytes));
  for (std::size_t i = 0; i < shop.contacts; ++i) {
    const std::uint64_t value = random.below(limit);
    std::copy_n(reinterpret_cast<const std::byte*>(&value), value_bytes,
                column.values.begin() + static_cast<std::ptrdiff_t>(i) * value_bytes);
  }
  if (has_nulls) {
    column.valid.resize((shop.contacts + 63) / 64);
    for (std::uint64_t& word : column.valid) {
      word = random() | random() | random();
    }
  }
  shop.names.push_back(name);
  shop.columns.push_back(std::move(column));
}

std::vector<std::uint64_t> random_words(std::size_t rows, FixedRandom& random) {
  std::vector<std::uint64_t> words((rows + 63) / 64);
  for (std::uint64_t& word : words) {
    word = random();
  }
  words.back() &= ~std::uint64_t{0} >> (63 - (rows + 63) % 64);
  return words;
}

const Shop& shop() {
  static const std::unique_ptr<Shop> kShop = [] {
    auto made = std::make_unique<Shop>();
    made->contacts = contacts_to_measure(kContacts);
    add_column(*made, {"money", DataType::kDecimal, 2}, 8, 100'000, false);
    add_column(*made, {"age", DataType::kInt64}, 2, 100, false);
    add_column(*made, {"country", DataType::kCategory, 0, &made->countries}, 1, 40, false);
    add_column(*made, {"city", DataType::kCategory, 0, &made->cities}, 4, 5000, true);
    add_column(*made, {"class", DataType::kCategory, 0, &made->classes}, 1, 12, false);
    add_column(*made, {"birthday", DataType::kDate}, 4, 20'000, true);
    add_column(*made, {"visits", DataType::kInt64}, 8, 1000, true);
    add_column(*made, {"tags", DataType::kTags}, 8, 1, false);
    made->segments = {"s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7"};
    FixedRandom random(21);
    for (std::size_t i = 0; i < kSets * (is_smoke_run() ? 1 : 8); ++i) {
      made->sets.push_back(RowSet::from_words(random_words(made->contacts, random)));
    }
    for (int i = 0; i < 3; ++i) {
      made->tags.push_back(random_words(made->contacts, random));
    }
    return made;
  }();
  return *kShop;
}

BoundExpression bind_text(const std::string& text, std::span<const std::string_view> segments) {
  ExpressionBinding binding;
  binding.columns = shop().names;
  binding.rows_are_contacts = true;
  binding.segments = segments;
  const Result<Expression> expression = Expression::parse(text);
  if (!expression.ok()) {
    throw std::runtime_error(text + ": " + expression.status().to_string());
  }
  Result<BoundExpression> bound = expression->bind(binding);
  if (!bound.ok()) {
    throw std::runtime_error(text + ": " + bound.status().to_string());
  }
  return std::move(bound).value();
}

// One thread's blocks.
class Worker final : public query::PlanBlock {
 public:
  explicit Worker(const query::Plan& plan)
      : plan_(plan), scratch_(plan), views_(shop().columns.size()) {
    for (const BoundOperand& operand : plan.operands()) {
      const auto& known = shop().segments;
      const auto found = std::find(known.begin(), known.end(), operand.text);
      operands_.push_back(operand.kind == OperandKind::kSegment
                              ? static_cast<std::size_t>(found - known.begin())
                          : operand.text == "vip" ? 0
                          : operand.text == "new" ? 1
                                                  : 2);
      buffers_.emplace_back(kBlockWords);
    }
  }

  void evaluate(std::size_t block, query::Answer answer, std::size_t copy, RowSetGroup* group) {
    block_ = block;
    copy_ = copy;
    group_ = group;
    const std::size_t begin = block * kRowsPerBlock;
    for (const std::uint32_t column : plan_.used_columns()) {
      const Shop::Column& from = shop().columns[column];
      views_[column] = {from.values.data() + begin * static_cast<std::size_t>(from.value_bytes),
                        from.valid.empty() ? nullptr : from.valid.data() + begin / 64,
                        from.value_bytes};
    }
    const std::size_t rows = std::min<std::size_t>(kRowsPerBlock, shop().contacts - begin);
    plan_.evaluate(views_, rows, answer, *this, scratch_).ignore();
  }

  Result<ExpressionColumnView> operand(std::uint32_t index) override {
    const BoundOperand& operand = plan_.operands()[index];
    if (operand.kind == OperandKind::kTag) {
      return ExpressionColumnView{shop().tags[operands_[index]].data() + block_ * kBlockWords};
    }
    const RowSet& set = shop().sets[copy_ * kSets + operands_[index]];
    return ExpressionColumnView{
        set.block_words(static_cast<std::uint32_t>(block_), buffers_[index]).data()};
  }

  Status take(std::uint32_t expression, const query::ExpressionTruth& truth) override {
    true_rows += truth.counts.is_true;
    if (group_ != nullptr) {
      group_->put(expression, block_, truth.is_true, truth.counts.is_true);
    }
    return {};
  }

  std::uint64_t true_rows = 0;

 private:
  const query::Plan& plan_;
  query::PlanScratch scratch_;
  std::vector<ExpressionColumnView> views_;
  std::vector<std::size_t> operands_;
  std::vector<std::vector<std::uint64_t>> buffers_;
  std::size_t block_ = 0;
  std::size_t copy_ = 0;
  RowSetGroup* group_ = nullptr;
};

// A plan on some threads. Each gets a few runs of blocks: handing out one costs more than its work.
class Runner {
 public:
  Runner(const query::Plan& plan, unsigned cores)
      : executor_(make_tbb_executor(static_cast<int>(cores))) {
    for (unsigned core = 0; core < cores; ++core) {
      workers_.push_back(std::make_unique<Worker>(plan));
    }
  }

  std::uint64_t run(query::Answer answer, std::size_t copy, RowSetGroup* group) {
    const std::size_t blocks = (shop().contacts + kRowsPerBlock - 1) / kRowsPerBlock;
    const std::size_t parts = std::min(blocks, 4 * workers_.size());
    for (const auto& worker : workers_) {
      worker->true_rows = 0;
    }
    executor_->run(parts, [&](std::size_t part, int worker) {
      for (std::size_t b = blocks * part / parts; b < blocks * (part + 1) / parts; ++b) {
        workers_[static_cast<std::size_t>(worker)]->evaluate(b, answer, copy, group);
      }
    });
    std::uint64_t count = 0;
    for (const auto& worker : workers_) {
      count += worker->true_rows;
    }
    return count;
  }

 private:
  std::unique_ptr<Arena::Executor> executor_;
  std::vector<std::unique_ptr<Worker>> workers_;
};

void bench_sets(benchmark::State& state, unsigned cores, bool is_cold) {
  const BoundExpression expression = bind_text(
      "(segment('s0') OR segment('s1')) AND (segment('s2') OR segment('s3')) AND NOT "
      "segment('s4') AND (segment('s5') OR segment('s6') OR segment('s7'))",
      shop().segments);
  const query::Plan plan = query::Plan::create({&expression, 1}).value();
  Runner runner(plan, cores);
  const std::size_t copies = is_cold ? shop().sets.size() / kSets : 1;
  std::size_t copy = 0;
  const auto elapsed = measure(state, [&] {
    benchmark::DoNotOptimize(runner.run(query::Answer::kCounts, copy, nullptr));
    copy = (copy + 1) % copies;
  });
  report(state, {shop().contacts, shop().contacts / 8 * kSets, cores}, elapsed,
         runner.run(query::Answer::kCounts, 0, nullptr));
}

// Intermediate results are changed in place, and the last step counts without a result.
void bench_row_sets(benchmark::State& state) {
  const auto& s = shop().sets;
  std::uint64_t count = 0;
  const auto elapsed = measure(state, [&] {
    RowSet left = s[0] | s[1];
    left &= s[2] | s[3];
    left -= s[4];
    RowSet right = s[5] | s[6];
    right |= s[7];
    count = left.and_count(right);
  });
  report(state, {shop().contacts, shop().contacts / 8 * kSets}, elapsed, count);
}

void bench_one(benchmark::State& state, unsigned cores, const std::string& text,
               std::size_t bytes_per_contact) {
  const BoundExpression expression = bind_text(text, shop().segments);
  const query::Plan plan = query::Plan::create({&expression, 1}).value();
  Runner runner(plan, cores);
  std::uint64_t count = 0;
  const auto elapsed =
      measure(state, [&] { count = runner.run(query::Answer::kCounts, 0, nullptr); });
  report(state, {shop().contacts, shop().contacts * bytes_per_contact, cores}, elapsed, count);
}

std::vector<std::string> texts_of_mix() {
  std::vector<std::string> texts;
  const auto number = [](int i) { return std::to_string(i); };
  for (int i = 0; i < 40; ++i) {  // attributes
    switch (i % 5) {
      case 0:
        texts.push_back("money BETWEEN " + number(i) + ".00 AND " + number(500 + i) +
                        ".00 AND age >= " + number(18 + i));
        break;
      case 1:
        texts.push_back("age < " + number(20 + i) + " OR visits > " + number(900 - i));
        break;
      case 2:
        texts.push_back("city LIKE 't" + number(i) + "%' AND birthday > DATE '2000-01-01'");
        break;
      case 3:
        texts.push_back("birthday IS NULL OR money > " + number(700 + i));
        break;
      default:
        texts.push_back("visits BETWEEN " + number(i) + " AND " + number(10 * i) +
                        " AND NOT city = 't" + number(i) + "'");
    }
  }
  for (int i = 0; i < 30; ++i) {  // codes and tags
    const std::string country = "country IN ('c" + number(i) + "', 'c" + number(i + 5) + "')";
    const std::string label = i % 3 == 0 ? "tag('vip')" : i % 3 == 1 ? "tag('new')" : "tag('eco')";
    texts.push_back(i % 2 == 0 ? "class IN ('k1', 'k" + number(i % 12) + "') AND " + country
                               : country + " AND " + label + " AND class <> 'k3'");
  }
  for (int i = 0; i < 10; ++i) {  // others of these
    texts.push_back("segment('n" + number(3 * i) + "') AND NOT segment('n" + number(40 + i) +
                    "') OR segment('n" + number(60 + i) + "')");
  }
  return texts;
}

void bench_mix(benchmark::State& state, unsigned cores) {
  const std::vector<std::string> texts = texts_of_mix();
  std::vector<std::string> names;
  std::vector<std::uint32_t> places;
  for (std::uint32_t i = 0; i < texts.size(); ++i) {
    names.push_back("n" + std::to_string(i));
    places.push_back(i);
  }
  const std::vector<std::string_view> segments(names.begin(), names.end());
  std::vector<BoundExpression> expressions;
  for (const std::string& text : texts) {
    expressions.push_back(bind_text(text, segments));
  }
  const query::Plan plan = query::Plan::create(expressions, places).value();
  Runner runner(plan, cores);
  const std::size_t blocks = (shop().contacts + kRowsPerBlock - 1) / kRowsPerBlock;
  std::uint64_t count = 0;
  const auto elapsed = measure(state, [&] {
    RowSetGroup group(texts.size(), blocks);
    count = runner.run(query::Answer::kWords, 0, &group);
    benchmark::DoNotOptimize(group.finish().size());
  });
  // Every column once, the segments once.
  std::size_t bytes = 3 * shop().contacts / 8 + texts.size() * shop().contacts / 8;
  for (const Shop::Column& column : shop().columns) {
    bytes += column.name.type == DataType::kTags
                 ? 0
                 : column.values.size() + column.valid.size() * sizeof(std::uint64_t);
  }
  report(state, {shop().contacts, bytes, cores}, elapsed, count);
}

[[maybe_unused]] const bool registered = [] {
  const auto add = [](const std::string& name, const auto& bench) {
    bench_each_isa_on_cores(name, bench);
  };
  add("count_8_segments_warm",
      [](benchmark::State& state, unsigned cores) { bench_sets(state, cores, false); });
  add("count_8_segments_cold",
      [](benchmark::State& state, unsigned cores) { bench_sets(state, cores, true); });
  benchmark::RegisterBenchmark("count_8_segments_warm/cores:1/row_sets", bench_row_sets)
      ->UseRealTime()
      ->Unit(benchmark::kMillisecond);
  struct One {
    std::string name;
    std::string text;
    std::size_t bytes;
  };
  for (const One& one :
       {One{"money", "money > 500.00", 8}, One{"age", "age BETWEEN 18 AND 65", 2},
        One{"country", "country IN ('c1', 'c5', 'c7')", 1}, One{"city", "city LIKE 't1%'", 4}}) {
    add(one.name, [one](benchmark::State& state, unsigned cores) {
      bench_one(state, cores, one.text, one.bytes);
    });
  }
  add("segments_80", bench_mix);
  return true;
}();

}  // namespace
}  // namespace quintile::bench
