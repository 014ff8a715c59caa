#include <algorithm>

#include "query/json_form.hpp"
#include "query/json_text.hpp"

namespace quintile::query {
namespace {

std::string quoted(std::string_view text) {
  std::string out;
  append_json_string(text, out);
  return out;
}

std::string object(std::string_view key, std::string_view value) {
  return "{" + quoted(key) + ":" + std::string(value) + "}";
}

std::string list(const std::vector<Node>& children) {
  std::string text = "[";
  for (const Node& child : children) {
    text.append(text.size() == 1 ? "" : ",").append(json_of(child));
  }
  return text.append("]");
}

std::string_view key_of(const Node& node) {
  const auto matches = [&node](const JsonOperator& op) {
    const bool other = node.kind == NodeKind::kLike      ? node.ignore_case
                       : node.kind == NodeKind::kIsTruth ? node.truth
                                                         : false;
    const int index = node.kind == NodeKind::kCompare      ? static_cast<int>(node.comparison)
                      : node.kind == NodeKind::kArithmetic ? static_cast<int>(node.arithmetic)
                                                           : 0;
    return op.kind == node.kind && op.flag == node.flag && op.other == other && op.index == index;
  };
  return std::find_if(kJsonOperators.begin(), kJsonOperators.end(), matches)->key;
}

std::string operator_json(const Node& node) {
  const std::string_view key = key_of(node);
  switch (node.kind) {
    case NodeKind::kNot:
    case NodeKind::kNegate:
    case NodeKind::kIsNull:
    case NodeKind::kIsTruth:
      return object(key, json_of(node.children[0]));
    case NodeKind::kLike: {
      std::string text =
          "{" + quoted(key) + ":[" + json_of(node.children[0]) + "," + quoted(node.text) + "]";
      if (!node.escape.empty()) {
        text.append(",\"escape\":").append(quoted(node.escape));
      }
      return text.append("}");
    }
    case NodeKind::kMatches:
      return object(key, "[" + json_of(node.children[0]) + "," + quoted(node.text) + "]");
    default:
      return object(key, list(node.children));
  }
}

// `key` names the event; WHERE follows.
std::string step_json(const Node& step, std::string_view key) {
  std::string text = quoted(key) + ":" + quoted(step.text);
  text.append(step.flag ? ",\"not\":true" : "");
  if (!step.children.empty()) {
    text.append(",\"where\":").append(json_of(step.children[0]));
  }
  if (!step.window.empty()) {
    text.append(",\"within\":").append(quoted(step.window));
  }
  return text;
}

std::string window_json(const Node& node) {
  return node.window.empty() ? "}" : ",\"window\":" + quoted(node.window) + "}";
}

std::string sequence_json(const Node& node) {
  std::string text = "{\"sequence\":[";
  for (const Node& step : node.children) {
    text.append(&step == node.children.data() ? "{" : ",{").append(step_json(step, "event"));
    text.append("}");
  }
  return text.append("]").append(window_json(node));
}

}  // namespace

std::string json_of(const Node& node) {
  switch (node.kind) {
    case NodeKind::kName:
      return object("column", quoted(node.text));
    case NodeKind::kNull:
      return "null";
    case NodeKind::kBool:
      return node.flag ? "true" : "false";
    case NodeKind::kNumber:
      // What every JSON reader takes as it stands is written so.
      if (node.scale == 0 && node.coefficient > -(Int128{1} << 53) &&
          node.coefficient < (Int128{1} << 53)) {
        return to_text(node.coefficient);
      }
      return object("number", quoted(print_tree(node)));
    case NodeKind::kText:
      return quoted(node.text);
    case NodeKind::kDate:
      return object("date", quoted(node.text));
    case NodeKind::kTimestamp:
      return object("timestamp", quoted(node.text));
    case NodeKind::kDuration:
      return object("duration", quoted(node.text));
    case NodeKind::kCoalesce:
      return object("coalesce", list(node.children));
    case NodeKind::kCall:
      return object(node.text, list(node.children));
    case NodeKind::kEvents:
      return "{" + step_json(node.children[0], node.text) + window_json(node);
    case NodeKind::kRegularly:
      return "{" + step_json(node.children[0], "regularly") +
             ",\"at_least\":" + to_text(node.coefficient) +
             ",\"of\":" + std::to_string(node.scale) + ",\"unit\":" + quoted(node.text) + "}";
    case NodeKind::kSequence:
      return sequence_json(node);
    case NodeKind::kStep:
      return "{" + step_json(node, "event") + "}";
    default:
      return operator_json(node);
  }
}

}  // namespace quintile::query
