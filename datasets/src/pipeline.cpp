#include "pipeline.hpp"

#include <algorithm>
#include <exception>
#include <utility>

namespace quintile::datasets {

namespace {

constexpr std::uint64_t kChunksAhead = 3;

bool wants_events(const std::vector<Table>& tables) {
  return std::any_of(tables.begin(), tables.end(),
                     [](Table table) { return table == Table::kEvents || table == Table::kLinks; });
}

}  // namespace

Shop::Pipeline::Pipeline(const ShopOptions& options, const std::vector<Table>& tables)
    : world_(options),
      behaviour_(world_),
      with_events_(wants_events(tables)),
      chunk_total_(chunk_count(options)) {
  read_.fill(chunk_total_);
  for (const Table table : tables) {
    read_[to_index(table)] = 0;
  }
  const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
  const unsigned wanted = options.threads == 0 ? cores : options.threads;
  const auto count = static_cast<unsigned>(std::min<std::uint64_t>(wanted, chunk_total_));
  chunks_ahead_ = count + kChunksAhead;
  try {
    for (unsigned i = 0; i < count; ++i) {
      threads_.emplace_back([this] { work(); });
    }
  } catch (...) {
    cancel("no more threads can be started");
    for (std::thread& thread : threads_) {
      thread.join();
    }
    throw;
  }
}

Shop::Pipeline::~Pipeline() {
  cancel("the shop was closed");
  for (std::thread& thread : threads_) {
    thread.join();
  }
}

void Shop::Pipeline::work() {
  try {
    ChunkMaker maker(world_, behaviour_, with_events_);
    while (make_next(maker)) {
    }
  } catch (const std::exception& error) {
    cancel(error.what());
  }
}

bool Shop::Pipeline::make_next(ChunkMaker& maker) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] {
    return stopped_ || next_ == chunk_total_ || next_ < slowest() + chunks_ahead_;
  });
  if (stopped_ || next_ == chunk_total_) {
    return false;
  }
  const std::uint64_t index = next_++;
  lock.unlock();
  Chunk chunk = maker.make(index);
  lock.lock();
  add_facts(chunk.facts);
  made_.emplace(index, std::move(chunk));
  changed_.notify_all();
  return true;
}

Shop::Pipeline::Taken Shop::Pipeline::take(Table table) {
  std::unique_lock lock(mutex_);
  std::uint64_t& index = read_[to_index(table)];
  changed_.wait(lock, [&] { return stopped_ || index == chunk_total_ || made_.contains(index); });
  if (stopped_) {
    return {.batch = std::nullopt, .failure = failure_};
  }
  if (index == chunk_total_) {
    return {};
  }
  Taken taken{.batch = std::move(made_.at(index).tables[to_index(table)]), .failure = {}};
  ++index;
  drop_read_chunks();
  return taken;
}

void Shop::Pipeline::leave(Table table) {
  const std::scoped_lock lock(mutex_);
  read_[to_index(table)] = chunk_total_;
  drop_read_chunks();
}

void Shop::Pipeline::cancel(std::string_view reason) {
  const std::scoped_lock lock(mutex_);
  if (!stopped_) {
    stopped_ = true;
    failure_ = reason.empty() ? "cancelled" : reason;
  }
  changed_.notify_all();
}

std::uint64_t Shop::Pipeline::contacts_done() const {
  const std::scoped_lock lock(mutex_);
  return std::min(slowest() * kChunkContacts, world_.options().contacts);
}

ShopFacts Shop::Pipeline::facts() const {
  const std::scoped_lock lock(mutex_);
  return facts_;
}

std::uint64_t Shop::Pipeline::slowest() const noexcept {
  return *std::min_element(read_.begin(), read_.end());
}

void Shop::Pipeline::drop_read_chunks() {
  made_.erase(made_.begin(), made_.lower_bound(slowest()));
  changed_.notify_all();
}

void Shop::Pipeline::add_facts(const ShopFacts& facts) noexcept {
  facts_.contacts += facts.contacts;
  facts_.buyers += facts.buyers;
  facts_.one_time_buyers += facts.one_time_buyers;
  facts_.purchases += facts.purchases;
  facts_.returns += facts.returns;
  facts_.lines += facts.lines;
  facts_.events += facts.events;
  facts_.links += facts.links;
  facts_.visitors += facts.visitors;
}

}  // namespace quintile::datasets
