// Chunks, made by several threads and read in order.
#pragma once

#include <array>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "quintile/datasets/shop.hpp"
#include "tables.hpp"

namespace quintile::datasets {

// Thread-safe. The chunks between the slowest reader and the last one made are in memory, never
// more than the threads and a few.
class Shop::Pipeline {
 public:
  Pipeline(const ShopOptions& options, const std::vector<Table>& tables);
  ~Pipeline();
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  struct Taken {
    std::optional<Batch> batch;  // none at the end, and after a failure
    std::string failure;
  };
  // The next chunk of a table; waits until it is made.
  [[nodiscard]] Taken take(Table table);
  // The table's reader wants no more; the others need not wait for it.
  void leave(Table table);
  void cancel(std::string_view reason);

  [[nodiscard]] std::uint64_t contacts_done() const;
  [[nodiscard]] ShopFacts facts() const;

 private:
  void work();
  [[nodiscard]] bool make_next(ChunkMaker& maker);
  // The following are called under the lock.
  [[nodiscard]] std::uint64_t slowest() const noexcept;
  void drop_read_chunks();
  void add_facts(const ShopFacts& facts) noexcept;

  World world_;
  BehaviourModel behaviour_;
  bool with_events_;
  std::uint64_t chunk_total_;
  std::uint64_t chunks_ahead_ = 0;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t next_ = 0;  // chunk to be made
  std::map<std::uint64_t, Chunk> made_;
  std::array<std::uint64_t, kTableCount> read_{};  // chunks taken from each table
  bool stopped_ = false;
  std::string failure_;
  ShopFacts facts_;
  std::vector<std::thread> threads_;
};

}  // namespace quintile::datasets
