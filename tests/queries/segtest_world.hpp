// What the statements of a segtest file set up: an engine with its contacts, events, orders,
// models.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "arrow_batch.hpp"
#include "quintile/engine.hpp"
#include "quintile/schema.hpp"
#include "quintile/segment.hpp"
#include "segtest_file.hpp"

namespace quintile::testing {

// How a file is run.
struct SegtestSetting {
  std::string name;
  int threads = 1;
  std::size_t chunk_rows = kRowsPerBlock;  // rows evaluated at a time
  // Every contact is there so many times, with all that belongs to it: small tables meet the edges
  // of chunks. Row by row: all contacts, then all of them again.
  std::size_t copies = 1;
};

// The external id of copy `copy` of a contact.
std::string copied_id(const std::string& contact, std::size_t copy);

class SegtestWorld {
 public:
  explicit SegtestWorld(const SegtestSetting& setting) : setting_(setting) {}

  // Carries out a statement that sets something up. Errors: what the engine refuses, and
  // kInvalidArgument for what is no such statement.
  Status set_up(const SegtestStatement& statement);

  [[nodiscard]] bool is_ready() const noexcept { return generation_ != nullptr; }
  [[nodiscard]] Engine& engine() const noexcept { return *engine_; }
  [[nodiscard]] const Generation& generation() const noexcept { return *generation_; }

 private:
  Status create();
  Status contacts(const SegtestStatement& statement);
  Status events(const SegtestStatement& statement);
  Status orders(const SegtestStatement& statement);
  Status model(const SegtestStatement& statement);
  Status segment(const SegtestStatement& statement);
  Status list(const SegtestStatement& statement);
  Status recompute(const SegtestStatement& statement);
  // The columns of a table, copied; `types` gives those of names other than contact and time.
  struct Field {
    std::string name;
    DataType type;
    int decimals;
  };
  Result<std::vector<TestColumn>> read_table(const SegtestStatement& statement,
                                             const std::vector<Field>& fields) const;

  SegtestSetting setting_;
  std::string zone_ = "UTC";
  std::vector<Attribute> attributes_;
  std::vector<EventType> event_types_;
  std::vector<Field> line_properties_;
  std::vector<SegmentDefinition> segments_;
  std::unique_ptr<Engine> engine_;
  std::shared_ptr<const Generation> generation_;
};

}  // namespace quintile::testing
