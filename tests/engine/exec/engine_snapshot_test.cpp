#include <cstring>
#include <filesystem>
#include <fstream>
#include <unistd.h>

#include <gtest/gtest.h>

#include "exec/engine_impl.hpp"
#include "full_engine.hpp"
#include "quintile/store_directory.hpp"
#include "storage/snapshot_header.hpp"

namespace quintile {
namespace {

namespace fs = std::filesystem;
using testing::answers;
using testing::full_options;
using testing::ingest_contacts;
using testing::ingest_events;
using testing::ingest_orders;
using testing::make_full_engine;
using testing::with_checksums;

class EngineSnapshot : public ::testing::Test {
 protected:
  void SetUp() override {
    directory_ = fs::temp_directory_path() / ("quintile_snapshot." + std::to_string(::getpid()));
    fs::remove_all(directory_);
  }
  void TearDown() override { fs::remove_all(directory_); }

  [[nodiscard]] std::string directory() const { return directory_.string(); }
  [[nodiscard]] std::string file(std::uint64_t number) const {
    return snapshot_path(directory(), number) + "/engine.data";
  }
  Result<std::uint64_t> save(Engine& engine) {
    const Result<StoreLock> lock = StoreLock::take(directory());
    return lock.ok() ? engine.save(*lock) : lock.status();
  }

 private:
  fs::path directory_;
};

TEST_F(EngineSnapshot, AnswersAsBeforeAndTakesMore) {
  const auto engine = make_full_engine(70'000);
  ASSERT_EQ(save(*engine).value(), 1U);
  const auto opened = Engine::open(directory(), {.arena = Arena::create(2).value()});
  ASSERT_TRUE(opened.ok()) << opened.status().message();
  EXPECT_EQ((*opened)->options().time_zone, "Europe/Warsaw");
  EXPECT_EQ((*opened)->options().events.types()[0].retention_days, 400U);
  EXPECT_EQ((*opened)->model_names(), std::vector<std::string>{"rfm"});
  EXPECT_EQ((*opened)->event_count("visit"), engine->event_count("visit"));
  const std::string before = answers(*engine);
  EXPECT_EQ(answers(**opened), before);
  EXPECT_EQ(before.find("expected"), std::string::npos) << before;
  for (Engine* each : {engine.get(), opened->get()}) {
    ingest_orders(*each, 5'000, 80'000);
    ingest_events(*each, 5'000, 80'000);
  }
  EXPECT_EQ(answers(**opened), answers(*engine));
}

TEST_F(EngineSnapshot, AnEmptyEngineIsOneToo) {
  const auto engine = Engine::create(full_options()).value();
  ASSERT_TRUE(save(*engine).ok());
  const auto opened = Engine::open(directory());
  ASSERT_TRUE(opened.ok()) << opened.status().message();
  EXPECT_EQ((*opened)->contact_count(), 0U);
  ingest_contacts(**opened, 10);
  EXPECT_EQ((*opened)->contact_count(), 10U);
}

TEST_F(EngineSnapshot, TwoAreKeptAndEitherCanBeOpened) {
  const auto engine = make_full_engine(100);
  for (std::uint64_t number = 1; number <= 3; ++number) {
    EXPECT_EQ(save(*engine).value(), number);
    ingest_orders(*engine, 10, 10);
  }
  EXPECT_EQ(snapshot_numbers(directory()).value(), (std::vector<std::uint64_t>{2, 3}));
  EXPECT_EQ(Engine::open(directory()).value()->line_count(), 220U);
  EXPECT_EQ(Engine::open(directory(), {.snapshot = 2}).value()->line_count(), 210U);
  EXPECT_EQ(Engine::open(directory(), {.snapshot = 1}).status().code(), StatusCode::kNotFound);
}

TEST_F(EngineSnapshot, OneProcessWritesAtATime) {
  const auto lock = StoreLock::take(directory());
  ASSERT_TRUE(lock.ok());
  EXPECT_EQ(StoreLock::take(directory()).status().code(), StatusCode::kUnavailable);
  EXPECT_EQ(Engine::open(directory()).status().code(), StatusCode::kNotFound);
  EXPECT_EQ(Engine::open(directory() + "/none").status().code(), StatusCode::kNotFound);
}

TEST_F(EngineSnapshot, AModelWithoutTextIsRefused) {
  const auto engine = make_full_engine(10);
  RfmModel model = rfm_preset("tiers3", 2).value();
  model.yaml.clear();
  ASSERT_TRUE(engine->define(model).ok());
  EXPECT_EQ(save(*engine).status().message(),
            "model 'tiers3': expected one that was read from YAML");
  EXPECT_TRUE(snapshot_numbers(directory()).value().empty());
}

std::string read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write(const std::string& path, const std::string& bytes) {
  std::ofstream file(path, std::ios::binary);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

TEST_F(EngineSnapshot, ADamagedOneIsRefusedAndTheOneBeforeIsNamed) {
  const auto engine = make_full_engine(100);
  ASSERT_TRUE(save(*engine).ok());
  ASSERT_TRUE(save(*engine).ok());
  const std::string good = read(file(2));
  const auto refusal = [&](const std::string& bytes) {
    write(file(2), bytes);
    return std::string(Engine::open(directory()).status().message());
  };
  const auto damaged_at = [&](std::size_t place) {
    std::string bytes = good;
    bytes[place] = static_cast<char>(bytes[place] ^ 0x40);
    return refusal(bytes);
  };
  const std::string start = file(2) + ": the snapshot is damaged: ";
  EXPECT_EQ(refusal(""), start +
                             "header: expected at least 64 bytes, got 0; snapshot 1 is there too, "
                             "without what was loaded after it");
  EXPECT_NE(refusal(good.substr(0, good.size() - 1)).find("expected a file of"), std::string::npos);
  EXPECT_NE(damaged_at(0).find("does not begin as a snapshot"), std::string::npos);
  EXPECT_NE(damaged_at(8).find("expected format 1 of snapshots, got 65"), std::string::npos);
  EXPECT_NE(damaged_at(16).find("header: its checksum"), std::string::npos);
  EXPECT_NE(damaged_at(64).find("contacts: the checksum of section 0 at byte 64"),
            std::string::npos);
  EXPECT_NE(damaged_at(good.size() - 1).find("table of sections"), std::string::npos);
  EXPECT_EQ(refusal(good), "");
}

// Every byte but those of the checksums is wrong once; nothing may be read outside of what is
// there.
TEST_F(EngineSnapshot, DamageBehindRightChecksumsIsFoundOrHarmless) {
  const auto engine = make_full_engine(6);
  ASSERT_TRUE(save(*engine).ok());
  const std::string good = read(file(1));
  const std::shared_ptr<Arena> arena = Arena::create(1).value();
  std::size_t refused = 0;
  for (std::size_t place = 64; place < good.size(); place += 29) {
    std::string bytes = good;
    bytes[place] = static_cast<char>(bytes[place] ^ (place % 2 == 0 ? 0xFF : 0x01));
    SnapshotHeader header;
    std::memcpy(&header, bytes.data(), sizeof(header));
    if (place >= header.table_offset && (place - header.table_offset) % 16 < 8) {
      continue;  // a size: with_checksums() would read past the end
    }
    write(file(1), with_checksums(bytes));
    auto opened = Engine::open(directory(), {.arena = arena});
    if (!opened.ok()) {
      ++refused;
      continue;
    }
    (void)answers(**opened);
  }
  EXPECT_GT(refused, 20U);
}

}  // namespace
}  // namespace quintile
