// Any bytes as a model: a checked model or an error with a message, in bounded time.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "quintile/model.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view yaml(reinterpret_cast<const char*>(data), size);
  const quintile::Result<quintile::RfmModel> model = quintile::parse_rfm_model(yaml, "fuzz", 2);
  if (!model.ok()) {
    if (model.status().message().empty() ||
        model.status().code() == quintile::StatusCode::kInternal) {
      std::abort();
    }
    return 0;
  }
  // What was accepted keeps the promises of model.hpp.
  std::size_t cells = std::size_t{1}
                      << std::min(model->conditions.size(), quintile::kMaxTableConditions);
  for (const quintile::RfmTiers& tiers : model->tiers) {
    cells *= static_cast<std::size_t>(tiers.count) + 1;
  }
  const bool sound = (model->conditions.size() > quintile::kMaxTableConditions
                          ? model->table.codes.empty()
                          : model->table.codes.size() == cells) &&
                     model->classes.size() <= quintile::kMaxClasses + 2 &&
                     model->conditions.size() <= quintile::kMaxConditions;
  if (!sound || quintile::rfm_reachability(*model).classes.size() != model->classes.size()) {
    std::abort();
  }
  return 0;
}
