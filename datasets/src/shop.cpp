#include "quintile/datasets/shop.hpp"

#include <cerrno>
#include <exception>
#include <utility>

#include "pipeline.hpp"
#include "quintile/arrow_abi.h"

namespace quintile::datasets {

namespace {

constexpr std::uint64_t kMostContacts = 1'000'000'000;
constexpr std::uint32_t kFewestDays = 30;
constexpr std::uint32_t kMostDays = 7'305;
constexpr double kBusiest = 100.0;
constexpr unsigned kMostThreads = 256;

}  // namespace

std::optional<std::string> check_options(const ShopOptions& options) {
  using namespace std::chrono;
  // The engine's own last day; and times here are counted from 1970.
  const sys_days latest{year{2079} / June / 5};
  if (options.contacts < 1 || options.contacts > kMostContacts) {
    return "contacts must be 1 to 1000000000, not " + std::to_string(options.contacts);
  }
  if (options.days < kFewestDays || options.days > kMostDays) {
    return "days must be 30 to 7305, not " + std::to_string(options.days);
  }
  if (options.last_day > latest || first_day(options) < sys_days{}) {
    return "the history must lie between 1970-01-01 and 2079-06-05";
  }
  if (!(options.event_rate >= 0.0 && options.event_rate <= kBusiest)) {
    return "the rate of events must be 0 to 100";
  }
  if (options.threads > kMostThreads) {
    return "threads must be at most 256, not " + std::to_string(options.threads);
  }
  return std::nullopt;
}

Shop::Shop(const ShopOptions& options, const std::vector<Table>& tables)
    : pipeline_(std::make_shared<Pipeline>(options, tables)) {}

Shop::~Shop() = default;

void Shop::cancel(std::string_view reason) { pipeline_->cancel(reason); }

std::uint64_t Shop::contacts_done() const { return pipeline_->contacts_done(); }

ShopFacts Shop::facts() const { return pipeline_->facts(); }

namespace {

template <typename Pipeline>
struct TableStream {
  std::shared_ptr<Pipeline> pipeline;
  Table table;
  std::string last_error;

  // No exception may leave through the C interface.
  template <typename Work>
  int guarded(const Work& work) noexcept {
    try {
      return work();
    } catch (const std::exception& error) {
      return keep(error.what());
    }
  }

  int keep(const char* message) noexcept {
    try {
      last_error = message;
    } catch (const std::exception&) {
      last_error.clear();
    }
    return EIO;
  }

  static TableStream& of(ArrowArrayStream* stream) {
    return *static_cast<TableStream*>(stream->private_data);
  }

  static int get_schema(ArrowArrayStream* stream, ArrowSchema* out) {
    TableStream& self = of(stream);
    return self.guarded([&] {
      describe(table_columns(self.table), out);
      return 0;
    });
  }

  static int get_next(ArrowArrayStream* stream, ArrowArray* out) {
    TableStream& self = of(stream);
    return self.guarded([&] {
      auto taken = self.pipeline->take(self.table);
      if (!taken.failure.empty()) {
        return self.keep(taken.failure.c_str());
      }
      if (taken.batch.has_value()) {
        hand_over(std::move(*taken.batch), out);
      } else {
        *out = ArrowArray{};
      }
      return 0;
    });
  }

  static const char* get_last_error(ArrowArrayStream* stream) {
    const TableStream& self = of(stream);
    return self.last_error.empty() ? nullptr : self.last_error.c_str();
  }

  static void release(ArrowArrayStream* stream) {
    TableStream& self = of(stream);
    self.pipeline->leave(self.table);
    delete &self;
    stream->release = nullptr;
  }
};

}  // namespace

void Shop::open(Table table, ArrowArrayStream* stream) {
  using Stream = TableStream<Pipeline>;
  *stream = ArrowArrayStream{};
  stream->get_schema = Stream::get_schema;
  stream->get_next = Stream::get_next;
  stream->get_last_error = Stream::get_last_error;
  stream->release = Stream::release;
  stream->private_data = new Stream{pipeline_, table, {}};
}

}  // namespace quintile::datasets
