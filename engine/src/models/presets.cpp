#include "models/presets.hpp"

#include <algorithm>
#include <exception>
#include <string>

#include "query/name_hint.hpp"
#include "quintile/model.hpp"
#include "status/try.hpp"

namespace quintile {
namespace {

Result<std::string_view> find_preset(std::string_view name) {
  const auto found = std::find_if(models::kPresets.begin(), models::kPresets.end(),
                                  [name](const auto& preset) { return preset.name == name; });
  if (found != models::kPresets.end()) {
    return found->yaml;
  }
  const auto names = rfm_preset_names();
  std::string message = "expected a preset: one of";
  for (const std::string_view known : names) {
    message.append(known == names.front() ? " " : ", ").append(known);
  }
  message.append("; got ").append(quoted_for_message(name));
  return Status(StatusCode::kNotFound, message.append(closest_name_hint(name, names)));
}

}  // namespace

std::span<const std::string_view> rfm_preset_names() noexcept {
  static const auto kNames = [] {
    std::array<std::string_view, models::kPresets.size()> names;
    std::transform(models::kPresets.begin(), models::kPresets.end(), names.begin(),
                   [](const auto& preset) { return preset.name; });
    return names;
  }();
  return kNames;
}

Result<std::string_view> rfm_preset_yaml(std::string_view name) noexcept {
  try {
    return find_preset(name);
  } catch (const std::exception&) {
    return Status(StatusCode::kInternal, "out of memory");
  }
}

Result<RfmModel> rfm_preset(std::string_view name, int currency_decimals) noexcept {
  QUINTILE_ASSIGN_OR_RETURN(const std::string_view yaml, rfm_preset_yaml(name));
  return parse_rfm_model(yaml, name, currency_decimals);
}

}  // namespace quintile
