// An engine of people with attributes of every type and orders, and the people as plain values:
// what answers to questions are held against.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "arrow_batch.hpp"
#include "small_engine.hpp"

namespace quintile::testing {

struct Person {
  std::string id;
  std::optional<std::int64_t> age;
  std::optional<std::string> country;
  std::optional<std::int64_t> spent;  // cents
  std::optional<double> score;
  std::optional<bool> vip;
  std::optional<std::vector<std::string>> tags;
};

inline Schema people_schema() {
  return Schema::create({{"age", DataType::kInt64},
                         {"country", DataType::kCategory},
                         {"spent", DataType::kDecimal, 2},
                         {"score", DataType::kDouble},
                         {"vip", DataType::kBool},
                         {"tags", DataType::kTags}})
      .value();
}

inline std::vector<Person> draw_people(std::size_t count, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto some = [&] { return random() % 5 != 0; };
  std::vector<Person> people(count);
  for (std::size_t i = 0; i < count; ++i) {
    Person& person = people[i];
    person.id = "c" + std::to_string(i * 7919 % 1'000'003);
    if (some()) person.age = static_cast<std::int64_t>(random() % 90);
    if (some()) person.country = std::vector<std::string>{"PL", "DE", "CZ", "ES"}[random() % 4];
    if (some()) person.spent = static_cast<std::int64_t>(random() % 1'000'000) - 1000;
    if (some()) person.score = static_cast<double>(random() % 1000) / 8 - 10;
    if (some()) person.vip = random() % 2 == 0;
    if (some()) {
      person.tags.emplace();
      for (const char* tag : {"new", "hot", "b2b"}) {
        if (random() % 3 == 0) person.tags->emplace_back(tag);
      }
    }
  }
  return people;
}

inline std::unique_ptr<Engine> make_people_engine(const std::vector<Person>& people, int threads) {
  std::unique_ptr<Engine> engine = make_engine("UTC", threads, people_schema());
  TestColumn ids = text_column("contact", {});
  TestColumn age = integer_column("age", {});
  TestColumn country = text_column("country", {});
  TestColumn spent = integer_column("spent", {});
  TestColumn score{.name = "score", .format = "g"};
  TestColumn vip = boolean_column("vip", {});
  TestColumn tags{.name = "tags", .format = "+l"};
  for (const Person& person : people) {
    ids.texts.emplace_back(person.id);
    age.integers.push_back(person.age);
    country.texts.push_back(person.country);
    spent.integers.push_back(person.spent);
    score.reals.push_back(person.score);
    vip.booleans.push_back(person.vip);
    tags.lists.push_back(person.tags);
  }
  ArrowArrayStream stream = make_stream({ids, age, country, spent, score, vip, tags});
  const Result<IngestCounts> counts = engine->ingest_contacts(&stream);
  EXPECT_TRUE(counts.ok()) << counts.status().message();
  std::vector<NaiveLine> lines;
  for (std::size_t i = 0; i < people.size(); i += 3) {
    for (std::size_t order = 0; order <= i % 4; ++order) {
      lines.push_back({.contact = people[i].id,
                       .time = instant("2026-01-0" + std::to_string(1 + (i + order) % 9)),
                       .amount = static_cast<std::int64_t>(100 * (i % 1000)) + 1});
    }
  }
  ingest(*engine, lines);
  EXPECT_TRUE(engine->define(rfm_preset("retail", 2).value()).ok());
  return engine;
}

}  // namespace quintile::testing
