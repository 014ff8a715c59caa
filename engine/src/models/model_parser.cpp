// From YAML to a checked RfmModel.
#include <array>
#include <exception>
#include <new>
#include <string>

#include "models/class_map_parser.hpp"
#include "models/tiers_parser.hpp"
#include "models/yaml_tree.hpp"
#include "models/yaml_values.hpp"
#include "quintile/model.hpp"
#include "status/try.hpp"

namespace quintile {
namespace models {
namespace {

constexpr std::array<std::string_view, 10> kKeys = {
    "name",  "window",     "monetary", "returns", "zero_is_purchase",
    "where", "population", "tiers",    "classes", "otherwise"};

Result<Expression> read_expression(std::string_view source, const YamlNode& node,
                                   std::string_view key) {
  if (node.kind != YamlKind::kScalar) {
    return yaml_expected(source, node, "a condition such as \"country = 'PL'\"");
  }
  Result<Expression> parsed = Expression::parse(node.text);
  if (parsed.ok()) {
    return parsed;
  }
  const Status placed = yaml_error(
      source, node, "in '" + std::string(key) + "' at " + std::string(parsed.status().message()));
  return Status(parsed.status().code(), placed.message());
}

Status read_options(std::string_view source, const YamlNode& root, RfmModel& model) {
  constexpr std::array<std::string_view, 3> kMeasures = {"net", "gross", "mean"};
  constexpr std::array<std::string_view, 2> kReturns = {"net", "match"};
  constexpr std::array<std::string_view, 2> kBooleans = {"false", "true"};
  if (const YamlNode* node = root.find("monetary")) {
    QUINTILE_ASSIGN_OR_RETURN(const std::size_t index, read_choice(source, *node, kMeasures));
    model.monetary = static_cast<MonetaryMeasure>(index);
  }
  if (const YamlNode* node = root.find("returns")) {
    QUINTILE_ASSIGN_OR_RETURN(const std::size_t index, read_choice(source, *node, kReturns));
    model.returns = static_cast<ReturnsRule>(index);
  }
  if (const YamlNode* node = root.find("zero_is_purchase")) {
    QUINTILE_ASSIGN_OR_RETURN(const std::size_t index, read_choice(source, *node, kBooleans));
    model.zero_is_purchase = index == 1;
  }
  if (const YamlNode* node = root.find("where")) {
    QUINTILE_ASSIGN_OR_RETURN(model.where, read_expression(source, *node, "where"));
  }
  if (const YamlNode* node = root.find("population")) {
    QUINTILE_ASSIGN_OR_RETURN(model.population, read_expression(source, *node, "population"));
  }
  return {};
}

Status check_present(std::string_view source, const YamlNode& root) {
  for (const std::string_view key : {"name", "tiers", "classes"}) {
    if (root.find(key) == nullptr) {
      return yaml_error(source, root, "expected the key '" + std::string(key) + "', got none");
    }
  }
  return {};
}

Result<RfmModel> read_model(std::string_view yaml, std::string_view source, int currency_decimals) {
  if (currency_decimals < 0 || currency_decimals > 18) {
    return Status(StatusCode::kOutOfRange,
                  "expected 0 to 18 currency decimals, got " + std::to_string(currency_decimals));
  }
  QUINTILE_ASSIGN_OR_RETURN(const YamlNode root, read_yaml(yaml, source, kMaxModelBytes));
  QUINTILE_TRY(check_keys(source, root, "a map with name, tiers and classes", kKeys));
  QUINTILE_TRY(check_present(source, root));
  RfmModel model;
  model.currency_decimals = currency_decimals;
  model.yaml = yaml;
  QUINTILE_ASSIGN_OR_RETURN(const std::string_view name,
                            read_name(source, *root.find("name"), "a model name"));
  model.name = name;
  QUINTILE_TRY(read_options(source, root, model));
  QUINTILE_ASSIGN_OR_RETURN(model.tiers,
                            read_tiers(source, *root.find("tiers"), currency_decimals));
  if (const YamlNode* window = root.find("window")) {
    QUINTILE_TRY(read_windows(source, *window, model.tiers));
  }
  QUINTILE_TRY(read_class_map(source, *root.find("classes"), root.find("otherwise"),
                              currency_decimals, model));
  return model;
}

}  // namespace
}  // namespace models

Result<RfmModel> parse_rfm_model(std::string_view yaml, std::string_view source_name,
                                 int currency_decimals) noexcept {
  try {
    return models::read_model(yaml, source_name, currency_decimals);
  } catch (const std::bad_alloc&) {
    return Status(StatusCode::kInternal, "out of memory");
  } catch (const std::exception& error) {
    return Status(StatusCode::kInternal, error.what());
  }
}

}  // namespace quintile
