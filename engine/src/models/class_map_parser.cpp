#include "models/class_map_parser.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <string>

#include "models/class_map.hpp"
#include "models/tiers_parser.hpp"
#include "models/yaml_values.hpp"
#include "query/name_hint.hpp"
#include "status/try.hpp"

namespace quintile::models {
namespace {

constexpr std::size_t kMaxRules = 1000;
constexpr std::size_t kMaxSegmentName = 64;
constexpr std::array<std::string_view, 8> kRuleKeys = {
    "r", "f", "m", "fm", "recency_days", "first_days", "frequency", "monetary"};
constexpr std::size_t kFirstValueKey = 4;
constexpr std::string_view kProspect = "prospect";
constexpr std::string_view kLapsed = "lapsed";

class ClassMapReader {
 public:
  ClassMapReader(std::string_view source, int currency_decimals, RfmModel& model)
      : source_(source), currency_decimals_(currency_decimals), model_(model) {}

  Status read_list(const YamlNode& classes);
  Status read_names_mode(const YamlNode& classes);
  Status read_otherwise(const YamlNode& node);
  Status finish(const YamlNode& classes);

 private:
  Result<std::uint8_t> class_code(const YamlNode& node, const std::string& name);
  Status read_class(const YamlNode& item);
  Status read_rule(std::uint8_t code, const YamlNode& node);
  Status read_key(const YamlNode& key, const YamlNode& value, ClassRule& rule);
  Result<TierRange> read_tier_range(const YamlNode& node, std::string_view key);
  Result<std::uint8_t> read_tier(const YamlNode& node, const RfmTiers& tiers);
  Status read_condition(const YamlNode& node, ValueColumn column, ClassRule& rule);
  Result<std::uint8_t> condition_bit(const YamlNode& node, const ValueCondition& condition);

  std::string_view source_;
  int currency_decimals_;
  RfmModel& model_;
};

// The code of a class, which is a new one at its first mention.
Result<std::uint8_t> ClassMapReader::class_code(const YamlNode& node, const std::string& name) {
  const auto found = std::find(model_.classes.begin(), model_.classes.end(), name);
  if (found != model_.classes.end()) {
    return static_cast<std::uint8_t>(found - model_.classes.begin());
  }
  if (name == kProspect || name == kLapsed) {
    return yaml_error(source_, node,
                      "class name '" + name + "' is taken: it names contacts without a purchase");
  }
  if (model_.name.size() + 1 + name.size() > kMaxSegmentName) {
    return yaml_error(source_, node,
                      "expected a class name that makes '" + model_.name + "." + name +
                          "' at most 64 characters long");
  }
  if (model_.classes.size() == kMaxClasses) {
    return Status(StatusCode::kOutOfRange,
                  std::string(yaml_error(source_, node,
                                         "more than " + std::to_string(kMaxClasses) + " classes")
                                  .message()));
  }
  model_.classes.push_back(name);
  return static_cast<std::uint8_t>(model_.classes.size() - 1);
}

Status ClassMapReader::read_list(const YamlNode& classes) {
  if (classes.items.empty()) {
    return yaml_expected(source_, classes, "at least one class");
  }
  for (const YamlNode& item : classes.items) {
    QUINTILE_TRY(read_class(item));
  }
  return {};
}

Status ClassMapReader::read_class(const YamlNode& item) {
  if (item.kind != YamlKind::kMap || item.pairs.size() != 1) {
    return yaml_expected(source_, item, "one class such as 'loyal: {r: [3, 5], fm: 4}'");
  }
  const auto& [key, value] = item.pairs.front();
  QUINTILE_ASSIGN_OR_RETURN(const std::string_view name, read_name(source_, key, "a class name"));
  QUINTILE_ASSIGN_OR_RETURN(const std::uint8_t code, class_code(key, std::string(name)));
  if (value.kind != YamlKind::kSequence) {
    return read_rule(code, value);
  }
  if (value.items.empty()) {
    return yaml_expected(source_, value, "at least one map of ranges");
  }
  for (const YamlNode& alternative : value.items) {
    QUINTILE_TRY(read_rule(code, alternative));
  }
  return {};
}

Status ClassMapReader::read_rule(std::uint8_t code, const YamlNode& node) {
  QUINTILE_TRY(check_keys(source_, node, "a map of ranges such as {r: 5, fm: [4, 5]}", kRuleKeys));
  if (model_.rules.size() == kMaxRules) {
    return yaml_error(source_, node, "more than " + std::to_string(kMaxRules) + " rules");
  }
  ClassRule rule;
  rule.code = code;
  rule.line = node.line;
  for (const auto& [key, value] : node.pairs) {
    QUINTILE_TRY(read_key(key, value, rule));
  }
  model_.rules.push_back(rule);
  return {};
}

Status ClassMapReader::read_key(const YamlNode& key, const YamlNode& value, ClassRule& rule) {
  const auto index = static_cast<std::size_t>(
      std::find(kRuleKeys.begin(), kRuleKeys.end(), key.text) - kRuleKeys.begin());
  if (index >= kFirstValueKey) {
    return read_condition(value, static_cast<ValueColumn>(index - kFirstValueKey), rule);
  }
  QUINTILE_ASSIGN_OR_RETURN(const TierRange range, read_tier_range(value, key.text));
  const std::array<TierRange*, kFirstValueKey> targets = {&rule.r, &rule.f, &rule.m, &rule.fm};
  *targets[index] = range;
  return {};
}

// A tier by number or name.
Result<std::uint8_t> ClassMapReader::read_tier(const YamlNode& node, const RfmTiers& tiers) {
  const auto named = std::find(tiers.names.begin(), tiers.names.end(), node.text);
  if (node.kind == YamlKind::kScalar && named != tiers.names.end()) {
    return static_cast<std::uint8_t>(tiers.count - (named - tiers.names.begin()));
  }
  const bool is_word =
      node.kind == YamlKind::kScalar && node.text.find_first_of("0123456789") == std::string::npos;
  if (is_word && !tiers.names.empty()) {
    const std::vector<std::string_view> known(tiers.names.begin(), tiers.names.end());
    return yaml_error(
        source_, node,
        "unknown tier " + quoted_for_message(node.text) + known_names_hint(node.text, known));
  }
  QUINTILE_ASSIGN_OR_RETURN(const std::int64_t tier, read_integer(source_, node, 1, tiers.count));
  return static_cast<std::uint8_t>(tier);
}

Result<TierRange> ClassMapReader::read_tier_range(const YamlNode& node, std::string_view key) {
  const RfmTiers& f = model_.axis(Axis::kFrequency);
  const RfmTiers& m = model_.axis(Axis::kMonetary);
  RfmTiers mean;
  mean.count = (f.count + m.count + 1) / 2;
  const RfmTiers& tiers = key == "r"   ? model_.axis(Axis::kRecency)
                          : key == "f" ? f
                          : key == "m" ? m
                                       : mean;
  const auto is_name = [&tiers](const YamlNode& item) {
    return std::find(tiers.names.begin(), tiers.names.end(), item.text) != tiers.names.end();
  };
  const bool one_name = node.kind == YamlKind::kScalar && is_name(node);
  const bool two_names = node.kind == YamlKind::kSequence && node.items.size() == 2 &&
                         (is_name(node.items[0]) || is_name(node.items[1]));
  if (one_name) {
    QUINTILE_ASSIGN_OR_RETURN(const std::uint8_t tier, read_tier(node, tiers));
    return TierRange{tier, tier};
  }
  if (two_names) {
    QUINTILE_ASSIGN_OR_RETURN(const std::uint8_t first, read_tier(node.items[0], tiers));
    QUINTILE_ASSIGN_OR_RETURN(const std::uint8_t second, read_tier(node.items[1], tiers));
    return TierRange{std::min(first, second), std::max(first, second)};
  }
  const bool is_word = node.kind == YamlKind::kScalar && node.text != "any" &&
                       node.text.find_first_of("0123456789") == std::string::npos;
  if (is_word && !tiers.names.empty()) {
    return read_tier(node, tiers).status();
  }
  const std::string noun = "a tier from 1 to " + std::to_string(tiers.count);
  QUINTILE_ASSIGN_OR_RETURN(const Interval interval,
                            read_interval(source_, node, {noun, 0, 1, tiers.count}));
  return TierRange{static_cast<std::uint8_t>(interval.low),
                   static_cast<std::uint8_t>(interval.high)};
}

Status ClassMapReader::read_condition(const YamlNode& node, ValueColumn column, ClassRule& rule) {
  constexpr std::array<Axis, kValueColumns> kAxisOf = {Axis::kRecency, Axis::kRecency,
                                                       Axis::kFrequency, Axis::kMonetary};
  const NumberFormat format =
      axis_format(kAxisOf[static_cast<std::size_t>(column)], currency_decimals_);
  QUINTILE_ASSIGN_OR_RETURN(const Interval interval, read_interval(source_, node, format));
  if (interval.low == format.low && interval.high == format.high) {
    return {};
  }
  // What was not written is open, whatever the limits of what can be written.
  ValueCondition condition{column, interval.low, interval.high};
  if (column == ValueColumn::kMonetary && interval.low == format.low) {
    condition.low = std::numeric_limits<std::int64_t>::min();
  }
  if (column == ValueColumn::kMonetary && interval.high == format.high) {
    condition.high = std::numeric_limits<std::int64_t>::max();
  }
  QUINTILE_ASSIGN_OR_RETURN(const std::uint8_t bit, condition_bit(node, condition));
  rule.conditions |= std::uint64_t{1} << bit;
  return {};
}

Result<std::uint8_t> ClassMapReader::condition_bit(const YamlNode& node,
                                                   const ValueCondition& condition) {
  auto& all = model_.conditions;
  const auto found = std::find(all.begin(), all.end(), condition);
  if (found != all.end()) {
    return static_cast<std::uint8_t>(found - all.begin());
  }
  // A bounded recency window needs one condition for itself: see RfmModel::conditions.
  const std::size_t limit = kMaxConditions - (model_.axis(Axis::kRecency).window ? 1 : 0);
  if (all.size() == limit) {
    return Status(StatusCode::kOutOfRange,
                  std::string(yaml_error(source_, node,
                                         "more than " + std::to_string(limit) +
                                             " different conditions on recency_days, first_days, "
                                             "frequency and monetary")
                                  .message()));
  }
  all.push_back(condition);
  if (count_stretches(model_) > kMaxStretches) {
    return Status(
        StatusCode::kOutOfRange,
        std::string(yaml_error(source_, node,
                               "the conditions so far cut recency_days, first_days, "
                               "frequency and monetary into more than " +
                                   std::to_string(kMaxStretches) + " combinations of ranges")
                        .message()));
  }
  return static_cast<std::uint8_t>(all.size() - 1);
}

Status ClassMapReader::read_names_mode(const YamlNode& classes) {
  std::size_t cells = 1;
  for (std::size_t i = 0; i < kAxisCount; ++i) {
    const RfmTiers& tiers = model_.tiers[i];
    if (tiers.names.empty()) {
      return yaml_error(source_, classes,
                        "'classes: names' needs names for the tiers of " +
                            std::string(axis_name(static_cast<Axis>(i))));
    }
    cells *= static_cast<std::size_t>(tiers.count);
  }
  if (cells > kMaxClasses) {
    return yaml_error(source_, classes,
                      "'classes: names' makes " + std::to_string(cells) +
                          " classes, expected at most " + std::to_string(kMaxClasses));
  }
  const RfmTiers& recency = model_.axis(Axis::kRecency);
  const RfmTiers& frequency = model_.axis(Axis::kFrequency);
  const RfmTiers& monetary = model_.axis(Axis::kMonetary);
  for (int r = recency.count; r >= 1; --r) {
    for (int f = frequency.count; f >= 1; --f) {
      for (int m = monetary.count; m >= 1; --m) {
        const std::string name =
            recency.tier_name(r) + "-" + frequency.tier_name(f) + "-" + monetary.tier_name(m);
        const std::size_t before = model_.classes.size();
        const YamlNode& place = classes;
        if (!is_definition_name(name)) {
          return yaml_error(source_, place,
                            "tier names make a class name that is too long: " + name);
        }
        QUINTILE_ASSIGN_OR_RETURN(const std::uint8_t code, class_code(place, name));
        if (model_.classes.size() == before) {
          return yaml_error(source_, place, "two cells would have the class name '" + name + "'");
        }
        const auto one = [](int tier) {
          return TierRange{static_cast<std::uint8_t>(tier), static_cast<std::uint8_t>(tier)};
        };
        ClassRule rule;
        rule.code = code;
        rule.r = one(r);
        rule.f = one(f);
        rule.m = one(m);
        model_.rules.push_back(rule);
      }
    }
  }
  return {};
}

Status ClassMapReader::read_otherwise(const YamlNode& node) {
  QUINTILE_ASSIGN_OR_RETURN(const std::string_view name, read_name(source_, node, "a class name"));
  QUINTILE_ASSIGN_OR_RETURN(model_.otherwise, class_code(node, std::string(name)));
  return {};
}

Status ClassMapReader::finish(const YamlNode& classes) {
  model_.classes.emplace_back(kProspect);
  model_.classes.emplace_back(kLapsed);
  if (model_.axis(Axis::kRecency).window) {
    const ValueCondition ever{ValueColumn::kFirstDays, 0, kMaxDays};
    if (std::find(model_.conditions.begin(), model_.conditions.end(), ever) ==
        model_.conditions.end()) {
      model_.conditions.push_back(ever);
    }
  }
  const CellWinners winners(model_);
  if (!model_.otherwise) {
    const std::string missing = describe_uncovered(model_, winners);
    if (!missing.empty()) {
      return yaml_error(source_, classes,
                        "the classes leave cells over and there is no 'otherwise': " + missing);
    }
  }
  if (model_.conditions.size() <= kMaxTableConditions) {
    model_.table = make_class_table(model_, winners);
  } else {
    model_.table.stride_r = winners.stride_r();
    model_.table.stride_f = winners.stride_f();
  }
  return {};
}

}  // namespace

Status read_class_map(std::string_view source, const YamlNode& classes, const YamlNode* otherwise,
                      int currency_decimals, RfmModel& model) {
  ClassMapReader reader(source, currency_decimals, model);
  if (classes.kind == YamlKind::kSequence) {
    QUINTILE_TRY(reader.read_list(classes));
  } else if (classes.kind == YamlKind::kScalar && classes.text == "names") {
    QUINTILE_TRY(reader.read_names_mode(classes));
  } else {
    return yaml_expected(source, classes, "a list of classes, or names");
  }
  if (otherwise != nullptr) {
    QUINTILE_TRY(reader.read_otherwise(*otherwise));
  }
  return reader.finish(classes);
}

}  // namespace quintile::models
