#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <numeric>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "exec/event_operands.hpp"
#include "kernels/each_isa.hpp"
#include "query/plan.hpp"
#include "support/columns.hpp"
#include "support/measure.hpp"

// Conditions on events of a store, from their text to a bitmap of contacts: ten events a contact on
// average, over a year. `--contacts=10000000` gives 100 million events. Bytes are those of the
// columns of events that the condition reads.
namespace quintile::bench {
namespace {

constexpr std::size_t kContacts = 1'000'000;
constexpr std::uint64_t kSecondsPerYear = 365 * 86'400;

// The events of a store as a stream of one batch: `time`, and `value` (two decimals).
struct EventStream {
  std::vector<std::int64_t> time;
  std::vector<std::int64_t> value;
  std::array<const void*, 2> time_buffers{};
  std::array<const void*, 2> value_buffers{};
  std::array<const void*, 1> no_buffers{};
  std::array<ArrowSchema, 2> schemas{};
  std::array<ArrowArray, 2> arrays{};
  std::array<ArrowSchema*, 2> schema_pointers{&schemas[0], &schemas[1]};
  std::array<ArrowArray*, 2> array_pointers{&arrays[0], &arrays[1]};
  bool is_read = false;
};

// All memory is the EventStream's.
template <typename Structure>
void release(Structure* structure) {
  structure->release = nullptr;
}

int give_schema(ArrowArrayStream* stream, ArrowSchema* out) {
  auto& events = *static_cast<EventStream*>(stream->private_data);
  constexpr std::array<std::pair<const char*, const char*>, 2> kFields = {
      {{"time", "tsu:UTC"}, {"value", "l"}}};
  for (std::size_t i = 0; i < kFields.size(); ++i) {
    events.schemas[i] = {};
    events.schemas[i].name = kFields[i].first;
    events.schemas[i].format = kFields[i].second;
    events.schemas[i].release = release<ArrowSchema>;
  }
  *out = {};
  out->format = "+s";
  out->name = "";
  out->n_children = 2;
  out->children = events.schema_pointers.data();
  out->release = release<ArrowSchema>;
  return 0;
}

int give_batch(ArrowArrayStream* stream, ArrowArray* out) {
  auto& events = *static_cast<EventStream*>(stream->private_data);
  *out = {};
  if (std::exchange(events.is_read, true)) {
    return 0;
  }
  events.time_buffers = {nullptr, events.time.data()};
  events.value_buffers = {nullptr, events.value.data()};
  const auto rows = static_cast<std::int64_t>(events.time.size());
  for (std::size_t i = 0; i < 2; ++i) {
    events.arrays[i] = {};
    events.arrays[i].length = rows;
    events.arrays[i].n_buffers = 2;
    events.arrays[i].buffers = i == 0 ? events.time_buffers.data() : events.value_buffers.data();
    events.arrays[i].release = release<ArrowArray>;
  }
  out->length = rows;
  out->n_buffers = 1;
  out->buffers = events.no_buffers.data();
  out->n_children = 2;
  out->children = events.array_pointers.data();
  out->release = release<ArrowArray>;
  return 0;
}

void require(const Status& status) {
  if (!status.ok()) throw std::runtime_error(status.to_string());
}

AsOf as_of_end_of_2025() {
  std::string error;
  return *AsOf::parse("2025-12-31", TimeZone(), error);
}

// The contacts and their visits. Built once for all benchmarks.
class Shop {
 public:
  Shop()
      : visits_(TimeZone(), std::array{EventProperty{"value", DataType::kDecimal, 2}}),
        as_of_(as_of_end_of_2025()) {
    EventStream events;
    std::vector<std::uint32_t> contacts;
    make_events(events, contacts);
    ArrowArrayStream stream{};
    stream.get_schema = give_schema;
    stream.get_next = give_batch;
    stream.get_last_error = [](ArrowArrayStream*) -> const char* { return nullptr; };
    stream.release = release<ArrowArrayStream>;
    stream.private_data = &events;
    ArrowReader reader(&stream);
    require(reader.open());
    const Result<EventFields> fields = visits_.bind(reader);
    require(fields.status());
    require(reader.next().status());
    std::vector<std::uint32_t> picked(contacts.size());
    std::iota(picked.begin(), picked.end(), 0U);
    visits_.append(reader, *fields, picked, contacts);
    const std::unique_ptr<Arena::Executor> executor = make_jthread_executor(2);
    visits_.seal(static_cast<std::uint32_t>(contacts_), *executor);
  }

  [[nodiscard]] std::size_t contacts() const noexcept { return contacts_; }
  [[nodiscard]] std::size_t events() const noexcept { return visits_.event_count(); }
  [[nodiscard]] EventScope scope() const {
    EventScope scope(TimeZone(), as_of_, ids_.texts());
    scope.add_events("visit", visits_);
    return scope;
  }

 private:
  void make_events(EventStream& events, std::vector<std::uint32_t>& contacts) const {
    FixedRandom random(31);
    for (std::size_t c = 0; c < contacts_; ++c) {
      const double unit = random.unit();
      for (auto left = static_cast<std::size_t>(unit * unit * 31.0); left > 0; --left) {
        const auto age = static_cast<std::int64_t>(random.below(kSecondsPerYear));
        contacts.push_back(static_cast<std::uint32_t>(c));
        events.time.push_back(as_of_.instant_us - age * 1'000'000);
        events.value.push_back(static_cast<std::int64_t>(random.below(10'000)));
      }
    }
  }

  std::size_t contacts_ = contacts_to_measure(kContacts);
  EventStore visits_;
  AsOf as_of_;
  IdTable ids_;
};

const Shop& shop() {
  static const Shop kept;
  return kept;
}

// One worker's way through the blocks.
class Worker final : public query::PlanBlock {
 public:
  Worker(const query::Plan& plan, const EventScope& scope, std::span<std::uint64_t> words)
      : plan_(plan),
        scope_(scope),
        words_(words),
        scratch_(plan),
        buffers_(plan.operands().size()) {}

  void evaluate(std::size_t first, std::size_t rows) {
    first_ = first;
    rows_ = rows;
    require(plan_.evaluate({}, rows, query::Answer::kWords, *this, scratch_));
  }

  Result<ExpressionColumnView> operand(std::uint32_t index) override {
    Status status = evaluate_event_operand(plan_.operands()[index], scope_,
                                           static_cast<std::uint32_t>(first_ / kRowsPerBlock),
                                           rows_, buffers_[index]);
    if (!status.ok()) return status;
    return buffers_[index].view();
  }

  Status take(std::uint32_t, const query::ExpressionTruth& truth) override {
    std::copy(truth.is_true.begin(), truth.is_true.end(), words_.data() + first_ / 64);
    return {};
  }

 private:
  const query::Plan& plan_;
  const EventScope& scope_;
  std::span<std::uint64_t> words_;
  query::PlanScratch scratch_;
  std::vector<OperandBuffer> buffers_;
  std::size_t first_ = 0;
  std::size_t rows_ = 0;
};

void bench_condition(benchmark::State& state, unsigned cores, const std::string& text,
                     std::size_t bytes_per_event) {
  const EventScope scope = shop().scope();
  ExpressionBinding binding;
  binding.events = scope.expression_events();
  const Result<Expression> parsed = Expression::parse(text);
  require(parsed.status());
  const Result<BoundExpression> bound = parsed->bind(binding);
  require(bound.status());
  const Result<query::Plan> plan = query::Plan::create({&*bound, 1});
  require(plan.status());
  std::vector<std::uint64_t> words((shop().contacts() + 63) / 64);
  std::vector<Worker> workers;
  for (unsigned core = 0; core < cores; ++core)
    workers.emplace_back(*plan, scope, words);
  const auto elapsed = measure(state, [&] {
    on_cores(cores, [&](unsigned core) {
      for (std::size_t first = std::size_t{core} * kRowsPerBlock; first < shop().contacts();
           first += std::size_t{cores} * kRowsPerBlock)
        workers[core].evaluate(first,
                               std::min<std::size_t>(kRowsPerBlock, shop().contacts() - first));
    });
  });
  report(state, {shop().events(), shop().events() * bytes_per_event + shop().contacts() * 4, cores},
         elapsed, checksum_of(words));
}

struct Condition {
  const char* name;
  const char* text;
  std::size_t bytes_per_event;
};

[[maybe_unused]] const bool registered = [] {
  constexpr std::array<Condition, 8> kConditions = {
      {{"count_30_days", "count(visit, 30d) >= 3", 2},
       {"count_720_hours", "count(visit, 720h) >= 3", 8},
       {"count_where_30_days", "count(visit WHERE value > 50.00, 30d) >= 3", 10},
       {"days_since", "days_since(visit) BETWEEN 7 AND 30", 2},
       {"sum_30_days", "sum(visit.value, 30d) > 100.00", 10},
       {"max_30_days", "max(visit.value, 30d) > 90.00", 10},
       {"distinct_30_days", "distinct(visit.value, 30d) >= 3", 10},
       {"sequence_7_days", "sequence(visit THEN visit WITHIN 2h, 7d)", 10}}};
  for (const Condition& condition : kConditions) {
    bench_each_isa_on_cores(condition.name, [condition](benchmark::State& state, unsigned cores) {
      bench_condition(state, cores, condition.text, condition.bytes_per_event);
    });
  }
  return true;
}();

}  // namespace
}  // namespace quintile::bench
