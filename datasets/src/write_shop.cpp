#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>

#include "quintile/arrow_abi.h"
#include "quintile/datasets/shop.hpp"

namespace quintile::datasets {

namespace {

constexpr std::chrono::milliseconds kBetweenReports{50};

// The threads that write, and what the first of them to fail had to say.
class Writers {
 public:
  Writers(Shop& shop, const TableWriter& write) : shop_(shop), write_(write) {}
  ~Writers() {
    for (std::thread& thread : threads_) {
      thread.join();
    }
  }
  Writers(const Writers&) = delete;
  Writers& operator=(const Writers&) = delete;

  void start(const TableFile& file) {
    const std::scoped_lock lock(mutex_);
    threads_.emplace_back([this, file] { write(file); });
    ++running_;
  }

  // False when all have ended, true after a while.
  [[nodiscard]] bool wait() {
    std::unique_lock lock(mutex_);
    return !ended_.wait_for(lock, kBetweenReports, [this] { return running_ == 0; });
  }

  void fail(const std::string& reason) {
    {
      const std::scoped_lock lock(mutex_);
      failure_ = failure_.has_value() ? failure_ : reason;
    }
    shop_.cancel(reason);
  }

  [[nodiscard]] std::optional<std::string> failure() const {
    const std::scoped_lock lock(mutex_);
    return failure_;
  }

 private:
  void write(const TableFile& file) {
    ArrowArrayStream stream{};
    try {
      shop_.open(file.table, &stream);
      if (const std::optional<std::string> failure = write_(file.path, &stream)) {
        fail(*failure);
      }
    } catch (const std::exception& error) {
      fail(error.what());
    }
    // A stream that nobody released would keep the shop's threads waiting for its reader.
    if (stream.release != nullptr) {
      stream.release(&stream);
    }
    const std::scoped_lock lock(mutex_);
    --running_;
    ended_.notify_all();
  }

  Shop& shop_;
  const TableWriter& write_;
  mutable std::mutex mutex_;
  std::condition_variable ended_;
  std::size_t running_ = 0;
  std::optional<std::string> failure_;
  std::vector<std::thread> threads_;
};

}  // namespace

std::optional<std::string> write_shop(
    const ShopOptions& options, const std::vector<TableFile>& files, const TableWriter& write,
    const std::function<bool(std::uint64_t contacts_done)>& progress, ShopFacts* facts) {
  try {
    std::vector<Table> tables;
    for (const TableFile& file : files) {
      tables.push_back(file.table);
    }
    Shop shop(options, tables);
    Writers writers(shop, write);
    try {
      for (const TableFile& file : files) {
        writers.start(file);
      }
      while (writers.wait()) {
        if (!progress(shop.contacts_done())) {
          writers.fail("cancelled");
        }
      }
    } catch (const std::exception& error) {
      // The writers that run would wait for the ones that never started.
      writers.fail(error.what());
    }
    while (writers.wait()) {
    }
    *facts = shop.facts();
    return writers.failure();
  } catch (const std::exception& error) {
    return error.what();
  }
}

}  // namespace quintile::datasets
