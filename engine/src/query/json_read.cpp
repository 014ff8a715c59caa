#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "query/duration.hpp"
#include "query/json_reader.hpp"
#include "query/name_hint.hpp"
#include "query/pattern.hpp"
#include "quintile/date_time.hpp"
#include "status/try.hpp"

namespace quintile::query {
namespace {

using Element = simdjson::dom::element;
using Type = simdjson::dom::element_type;

constexpr std::array<std::string_view, 8> kOptions = {"escape", "where",    "window", "within",
                                                      "not",    "at_least", "of",     "unit"};

std::string_view type_text(const Element& value) {
  switch (value.type()) {
    case Type::ARRAY:
      return "a list";
    case Type::OBJECT:
      return "an object";
    case Type::STRING:
      return "text";
    case Type::BOOL:
      return "true or false";
    case Type::NULL_VALUE:
      return "null";
    default:
      return "a number";
  }
}

}  // namespace

Node JsonReader::make(NodeKind kind) {
  Node node;
  node.kind = kind;
  return node;
}

Status JsonReader::unexpected(std::string_view expected, const Element& got) const {
  return error("expected " + std::string(expected) + ", got " + std::string(type_text(got)));
}

Result<std::string> JsonReader::text(const Element& value, std::string_view expected) const {
  std::string_view got;
  if (value.get(got) != simdjson::SUCCESS) {
    return unexpected(expected, value);
  }
  if (const auto bad = find_bad_text(got)) {
    return error(bad->message);
  }
  return std::string(got);
}

Result<int> JsonReader::count(const Element& value) const {
  std::int64_t number = 0;
  if (value.get(number) != simdjson::SUCCESS || number < 1 || number > kMaxPeriods) {
    return error("expected a whole number from 1 to " + std::to_string(kMaxPeriods));
  }
  return static_cast<int>(number);
}

// One operator (that called `only`, unless it is empty) and its options, in any order.
Result<JsonReader::Fields> JsonReader::fields(const Element& value, std::string_view only) {
  simdjson::dom::object object;
  if (value.get(object) != simdjson::SUCCESS) {
    return unexpected("an object", value);
  }
  Fields out;
  for (const auto& [key, field] : object) {
    const std::string name(key);
    const bool is_option = std::find(kOptions.begin(), kOptions.end(), name) != kOptions.end();
    // In a step `not` is an option, elsewhere an operator.
    if (is_option && (name != "not" || !only.empty())) {
      if (option(out, name) != nullptr) {
        return error("expected keys that differ, got '" + name + "' twice");
      }
      out.options.emplace_back(name, field);
      continue;
    }
    if (!only.empty() && name != only) {
      return error("expected the key '" + std::string(only) + "', got " + quoted_for_message(name));
    }
    if (!out.key.empty() || name.empty()) {
      return error("expected one operator, got " + quoted_for_message(out.key) + " and " +
                   quoted_for_message(name));
    }
    out.key = name;
    out.value = field;
  }
  if (out.key.empty()) {
    return error("expected " +
                 (only.empty() ? "an operator" : "the key '" + std::string(only) + "'") +
                 ", got none");
  }
  return out;
}

const Element* JsonReader::option(const Fields& fields, std::string_view name) {
  for (const auto& [key, value] : fields.options) {
    if (key == name) {
      return &value;
    }
  }
  return nullptr;
}

Status JsonReader::refuse_options(const Fields& fields,
                                  std::initializer_list<std::string_view> allowed) const {
  for (const auto& [key, value] : fields.options) {
    if (std::find(allowed.begin(), allowed.end(), key) == allowed.end()) {
      return error("expected no key '" + key + "' beside " + quoted_for_message(fields.key));
    }
  }
  return {};
}

Status JsonReader::take_duration(const Fields& fields, std::string_view name, std::string& out) {
  const Element* value = option(fields, name);
  if (value == nullptr) {
    return {};
  }
  const Step step(pointer_, name);
  QUINTILE_ASSIGN_OR_RETURN(out, text(*value, kDurationExpected));
  if (!read_duration(out)) {
    return error("expected " + std::string(kDurationExpected) + ", got " + quoted_for_message(out));
  }
  out = canonical_duration(out);
  return {};
}

Result<Node> JsonReader::read(const Element& value) {
  if (depth_ > kMaxExpressionDepth) {
    return error(too_deep_message(), StatusCode::kOutOfRange);
  }
  switch (value.type()) {
    case Type::NULL_VALUE:
      return make(NodeKind::kNull);
    case Type::BOOL: {
      Node node = make(NodeKind::kBool);
      node.flag = value.get_bool().value_unsafe();
      return node;
    }
    case Type::STRING: {
      Node node = make(NodeKind::kText);
      QUINTILE_ASSIGN_OR_RETURN(node.text, text(value, "text"));
      return node;
    }
    case Type::INT64:
    case Type::UINT64:
    case Type::DOUBLE:
      return read_number(value);
    case Type::OBJECT: {
      ++depth_;
      Result<Node> node = read_object(value);
      --depth_;
      return node;
    }
    case Type::ARRAY:
      break;
  }
  return unexpected("an object or a literal", value);
}

Result<Node> JsonReader::read_number(const Element& value) const {
  Node node = make(NodeKind::kNumber);
  std::int64_t number = 0;
  std::uint64_t large = 0;
  if (value.get(number) == simdjson::SUCCESS) {
    node.coefficient = number;
  } else if (value.get(large) == simdjson::SUCCESS) {
    node.coefficient = static_cast<Int128>(large);
  } else {
    return error("expected decimals as text, {\"number\": \"9.99\"}, so that they stay exact");
  }
  return node;
}

Result<std::vector<Node>> JsonReader::read_list(const Element& value) {
  simdjson::dom::array items;
  if (value.get(items) != simdjson::SUCCESS) {
    return unexpected("a list", value);
  }
  std::vector<Node> nodes;
  for (const Element item : items) {
    const Step step(pointer_, std::to_string(nodes.size()));
    QUINTILE_ASSIGN_OR_RETURN(Node node, read(item));
    nodes.push_back(std::move(node));
  }
  return nodes;
}

Result<Node> JsonReader::read_object(const Element& value) {
  QUINTILE_ASSIGN_OR_RETURN(const Fields fields, this->fields(value, {}));
  if (std::optional<Result<Node>> literal = read_literal(fields)) {
    return std::move(*literal);
  }
  const auto found =
      std::find_if(kJsonOperators.begin(), kJsonOperators.end(),
                   [&fields](const JsonOperator& op) { return op.key == fields.key; });
  if (found != kJsonOperators.end()) {
    const Step step(pointer_, fields.key);
    return read_operator(fields, *found);
  }
  const Function* function = find_function(fields.key);
  if (function == nullptr) {
    std::vector<std::string_view> known;
    for (const JsonOperator& op : kJsonOperators) {
      known.push_back(op.key);
    }
    std::string hint = closest_name_hint(fields.key, known);
    hint = hint.empty() ? known_functions_hint(fields.key) : hint;
    return error("unknown operator " + quoted_for_message(fields.key) + hint);
  }
  return read_function(fields, *function);
}

// {"column": ...}, {"number": ...} and so on; nothing for other keys.
std::optional<Result<Node>> JsonReader::read_literal(const Fields& fields) {
  constexpr std::array<std::pair<std::string_view, NodeKind>, 5> kKinds = {
      {{"column", NodeKind::kName},
       {"number", NodeKind::kNumber},
       {"date", NodeKind::kDate},
       {"timestamp", NodeKind::kTimestamp},
       {"duration", NodeKind::kDuration}}};
  const auto kind = std::find_if(kKinds.begin(), kKinds.end(),
                                 [&](const auto& known) { return known.first == fields.key; });
  if (kind == kKinds.end()) {
    return std::nullopt;
  }
  if (Status status = refuse_options(fields, {}); !status.ok()) {
    return status;
  }
  const Step step(pointer_, fields.key);
  Result<std::string> read = text(fields.value, "text");
  if (!read.ok()) {
    return read.status();
  }
  Node node = make(kind->second);
  node.text = *read;
  bool right = true;
  std::string_view expected = "a name";
  if (node.kind == NodeKind::kName) {
    right = !node.text.empty();
  } else if (node.kind == NodeKind::kDate) {
    expected = "a date such as '2026-01-31'";
    const std::optional<std::int32_t> days = parse_date(node.text);
    right = days.has_value();
    node.text = format_date(days.value_or(0));
  } else if (node.kind == NodeKind::kDuration) {
    expected = kDurationExpected;
    right = read_duration(node.text).has_value();
    node.text = canonical_duration(node.text);
  } else if (node.kind == NodeKind::kNumber) {
    expected = "a number of at most 38 digits such as '9.99'";
    std::string_view digits = node.text;
    const bool negative = digits.starts_with('-');
    digits.remove_prefix(negative ? 1 : 0);
    const std::size_t point = digits.find('.');
    right = !digits.empty() && digits.find_first_not_of("0123456789.") == digits.npos &&
            digits.front() != '.' && digits.back() != '.' && digits.rfind('.') == point &&
            read_decimal(digits, node);
    node.coefficient = negative ? -node.coefficient : node.coefficient;
    node.text.clear();
  }
  if (!right) {
    return error("expected " + std::string(expected) + ", got " + quoted_for_message(*read));
  }
  return Result<Node>(std::move(node));
}

Result<Node> JsonReader::read_operator(const Fields& fields, const JsonOperator& op) {
  Node node = make(op.kind);
  node.flag = op.flag;
  node.comparison = static_cast<Comparison>(op.kind == NodeKind::kCompare ? op.index : 0);
  node.arithmetic = static_cast<Arithmetic>(op.kind == NodeKind::kArithmetic ? op.index : 0);
  node.truth = op.kind == NodeKind::kIsTruth && op.other;
  node.ignore_case = op.kind == NodeKind::kLike && op.other;
  std::size_t least = 2;
  std::size_t most = 2;
  switch (op.kind) {
    case NodeKind::kLike:
    case NodeKind::kMatches:
      return read_pattern(fields, std::move(node));
    case NodeKind::kNot:
    case NodeKind::kNegate:
    case NodeKind::kIsNull:
    case NodeKind::kIsTruth: {
      QUINTILE_TRY(refuse_options(fields, {}));
      QUINTILE_ASSIGN_OR_RETURN(Node child, read(fields.value));
      node.children.push_back(std::move(child));
      return node;
    }
    case NodeKind::kBetween:
      least = most = 3;
      break;
    case NodeKind::kAnd:
    case NodeKind::kOr:
    case NodeKind::kIn:
      most = kMaxExpressionJsonBytes;  // the parser has the limit
      break;
    default:
      break;
  }
  QUINTILE_TRY(refuse_options(fields, {}));
  QUINTILE_ASSIGN_OR_RETURN(node.children, read_list(fields.value));
  if (node.children.size() < least || node.children.size() > most) {
    return error("expected a list of " + std::string(least == most ? "" : "at least ") +
                 std::to_string(least) + ", got " + std::to_string(node.children.size()));
  }
  for (std::size_t i = 1; i < node.children.size() && op.kind == NodeKind::kIn; ++i) {
    if (!is_literal(node.children[i])) {
      const Step step(pointer_, std::to_string(i));
      return error("expected a literal, got " + describe_tree(node.children[i]));
    }
  }
  return node;
}

// {"like": [value, "pattern"], "escape": "!"} and its kin.
Result<Node> JsonReader::read_pattern(const Fields& fields, Node node) {
  const bool is_like = node.kind == NodeKind::kLike;
  QUINTILE_TRY(is_like ? refuse_options(fields, {"escape"}) : refuse_options(fields, {}));
  QUINTILE_ASSIGN_OR_RETURN(std::vector<Node> items, read_list(fields.value));
  if (items.size() != 2 || items[1].kind != NodeKind::kText) {
    return error("expected a list of a value and a pattern as text");
  }
  node.text = items[1].text;
  items.pop_back();
  node.children = std::move(items);
  if (const Element* escape = option(fields, "escape")) {
    QUINTILE_ASSIGN_OR_RETURN(node.escape, text(*escape, "one character as text"));
    if (character_count(node.escape) != 1) {
      return error("expected one character as 'escape', got " + quoted_for_message(node.escape));
    }
  }
  std::string problem = is_like ? std::string() : regex_problem(node.text);
  if (is_like && !like_pattern_is_complete(node.text, node.escape)) {
    problem = "nothing after the escape character";
  } else if (is_like && node.ignore_case) {
    problem = ilike_problem(node.text, node.escape);
  }
  if (!problem.empty()) {
    const Step step(pointer_, "1");
    return error("expected a pattern, got " + quoted_for_message(node.text) + ": " + problem);
  }
  return node;
}

Result<Node> tree_of_json(std::string_view json) {
  if (json.size() > kMaxExpressionJsonBytes) {
    return Status(StatusCode::kOutOfRange, "/: expected at most " +
                                               std::to_string(kMaxExpressionJsonBytes) +
                                               " bytes, got " + std::to_string(json.size()));
  }
  simdjson::dom::parser parser;
  Element root;
  const simdjson::error_code code = parser.parse(json.data(), json.size()).get(root);
  if (code != simdjson::SUCCESS) {
    return Status(StatusCode::kInvalidArgument, "/: expected JSON, got text that is none: " +
                                                    std::string(simdjson::error_message(code)));
  }
  QUINTILE_ASSIGN_OR_RETURN(const Node tree, JsonReader().read(root));
  return parse_tree(print_tree(tree));
}

}  // namespace quintile::query
