#include "query/plan_graph.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace quintile::query {
namespace {

template <class T>
void append(std::string& key, const T& value) {
  static_assert(std::is_trivially_copyable_v<T>);
  key.append(reinterpret_cast<const char*>(&value), sizeof(T));
}

template <class T>
void append_all(std::string& key, const std::vector<T>& values) {
  append(key, values.size());
  for (const T& value : values) {
    append(key, value);
  }
}

std::string key_of(const PlanAtom& atom) {
  std::string key;
  append(key, PlanOp::kAtom);
  append(key, atom.kind);
  append_all(key, atom.views);
  append(key, atom.low);
  append(key, atom.high);
  append(key, atom.real_low);
  append(key, atom.real_high);
  append_all(key, atom.values);
  append_all(key, atom.table);
  return key;
}

// To compare with a few codes is faster than to look up many rows.
constexpr std::size_t kFewCodes = 8;

std::vector<std::int64_t> few_codes(const std::vector<std::uint64_t>& table) {
  std::vector<std::int64_t> codes;
  for (std::size_t word = 0; word < table.size(); ++word) {
    for (std::uint64_t rest = table[word]; rest != 0; rest &= rest - 1) {
      if (codes.size() == kFewCodes) {
        return {};
      }
      codes.push_back(
          static_cast<std::int64_t>(word * 64 + static_cast<std::size_t>(std::countr_zero(rest))));
    }
  }
  return codes;
}

// What decides a chain alone, and what changes nothing in it.
PlanValue winner_of(PlanOp op) { return op == PlanOp::kAnd ? PlanValue::kFalse : PlanValue::kTrue; }
PlanValue neutral_of(PlanOp op) {
  return op == PlanOp::kAnd ? PlanValue::kTrue : PlanValue::kFalse;
}

}  // namespace

NodeId PlanGraph::intern(PlanNode node, const std::string& key) {
  const auto [place, is_new] = known_.try_emplace(key, static_cast<NodeId>(nodes_.size()));
  if (is_new) {
    nodes_.push_back(std::move(node));
  }
  return place->second;
}

NodeId PlanGraph::intern(PlanNode node) {
  std::string key;
  append(key, node.op);
  append(key, node.value);
  append(key, node.index);
  append_all(key, node.operands);
  return intern(std::move(node), key);
}

NodeId PlanGraph::constant(PlanValue value) {
  PlanNode node;
  node.value = value;
  node.can_be_null = value == PlanValue::kNull;
  return intern(std::move(node));
}

NodeId PlanGraph::atom(PlanAtom atom, const std::string& key) {
  const std::string whole_key = key_of(atom) + key;
  PlanNode node;
  node.op = PlanOp::kAtom;
  node.index = static_cast<std::uint32_t>(atoms_.size());
  node.can_be_null = atom.kind != AtomKind::kNullBits;
  const NodeId id = intern(std::move(node), whole_key);
  if (nodes_[id].index == atoms_.size()) {
    if (atom.kind == AtomKind::kCodes) {
      atom.values = few_codes(atom.table);
    }
    atoms_.push_back(std::move(atom));
  }
  return id;
}

NodeId PlanGraph::member(std::uint32_t expression) {
  PlanNode node;
  node.op = PlanOp::kMember;
  node.index = expression;
  node.can_be_null = false;
  return intern(std::move(node));
}

NodeId PlanGraph::is_true(NodeId operand) {
  if (is_constant(operand, PlanValue::kNull)) {
    return constant(PlanValue::kFalse);
  }
  if (!nodes_[operand].can_be_null) {
    return operand;
  }
  PlanNode node;
  node.op = PlanOp::kIsTrue;
  node.operands = {operand};
  node.can_be_null = false;
  return intern(std::move(node));
}

NodeId PlanGraph::is_null(NodeId operand) {
  while (nodes_[operand].op == PlanOp::kNot) {
    operand = nodes_[operand].operands.front();
  }
  if (is_constant(operand, PlanValue::kNull)) {
    return constant(PlanValue::kTrue);
  }
  if (!nodes_[operand].can_be_null) {
    return constant(PlanValue::kFalse);
  }
  if (nodes_[operand].op == PlanOp::kAtom && atom_of(operand).kind != AtomKind::kOpaque) {
    PlanAtom nulls;
    nulls.kind = AtomKind::kNullBits;
    nulls.views = atom_of(operand).views;
    return atom(std::move(nulls));
  }
  PlanNode node;
  node.op = PlanOp::kIsNull;
  node.operands = {operand};
  node.can_be_null = false;
  return intern(std::move(node));
}

NodeId PlanGraph::negated(NodeId operand) {
  const PlanNode& inner = nodes_[operand];
  if (inner.op == PlanOp::kNot) {
    return inner.operands.front();
  }
  if (inner.op == PlanOp::kConstant) {
    return inner.value == PlanValue::kNull
               ? operand
               : constant(inner.value == PlanValue::kTrue ? PlanValue::kFalse : PlanValue::kTrue);
  }
  PlanNode node;
  node.op = PlanOp::kNot;
  node.operands = {operand};
  node.can_be_null = inner.can_be_null;
  return intern(std::move(node));
}

std::vector<NodeId> PlanGraph::flattened(PlanOp op, std::span<const NodeId> operands) const {
  std::vector<NodeId> all;
  for (const NodeId operand : operands) {
    if (nodes_[operand].op == op) {
      all.insert(all.end(), nodes_[operand].operands.begin(), nodes_[operand].operands.end());
    } else {
      all.push_back(operand);
    }
  }
  return all;
}

// Make `into` what it and `other` are together, as one atom.
void PlanGraph::merge(PlanOp op, const PlanAtom& other, PlanAtom& into) {
  into.low = std::max(into.low, other.low);
  into.high = std::min(into.high, other.high);
  into.real_low = std::max(into.real_low, other.real_low);
  into.real_high = std::min(into.real_high, other.real_high);
  into.values.clear();
  into.table.resize(std::max(into.table.size(), other.table.size()));
  for (std::size_t i = 0; i < into.table.size(); ++i) {
    const std::uint64_t word = i < other.table.size() ? other.table[i] : 0;
    into.table[i] = op == PlanOp::kAnd ? into.table[i] & word : into.table[i] | word;
  }
}

// BETWEEN is two intervals that meet, a choice of texts sets of codes that join.
bool PlanGraph::can_merge(PlanOp op, const PlanAtom& a, const PlanAtom& b) {
  const bool is_interval = a.kind == AtomKind::kInterval || a.kind == AtomKind::kRealInterval;
  return a.kind == b.kind && a.views == b.views &&
         (a.kind == AtomKind::kCodes || (is_interval && op == PlanOp::kAnd));
}

void PlanGraph::merge_atoms(PlanOp op, std::vector<NodeId>& operands) {
  for (std::size_t i = 0; i < operands.size(); ++i) {
    for (std::size_t j = operands.size() - 1; j > i; --j) {
      if (nodes_[operands[i]].op != PlanOp::kAtom || nodes_[operands[j]].op != PlanOp::kAtom ||
          !can_merge(op, atom_of(operands[i]), atom_of(operands[j]))) {
        continue;
      }
      PlanAtom merged = atom_of(operands[i]);
      merge(op, atom_of(operands[j]), merged);
      operands[i] = atom(std::move(merged));
      operands.erase(operands.begin() + static_cast<std::ptrdiff_t>(j));
    }
  }
}

NodeId PlanGraph::chain(PlanOp op, std::span<const NodeId> operands) {
  std::vector<NodeId> rest = flattened(op, operands);
  if (std::any_of(rest.begin(), rest.end(),
                  [&](NodeId id) { return is_constant(id, winner_of(op)); })) {
    return constant(winner_of(op));
  }
  std::erase_if(rest, [&](NodeId id) { return is_constant(id, neutral_of(op)); });
  merge_atoms(op, rest);
  std::sort(rest.begin(), rest.end());
  rest.erase(std::unique(rest.begin(), rest.end()), rest.end());
  for (const NodeId id : rest) {
    const PlanNode& node = nodes_[id];
    // x AND NOT x; where x is NULL it is NULL.
    if (node.op == PlanOp::kNot && !node.can_be_null &&
        std::binary_search(rest.begin(), rest.end(), node.operands.front())) {
      return constant(winner_of(op));
    }
  }
  if (rest.empty()) {
    return constant(neutral_of(op));
  }
  if (rest.size() == 1) {
    return rest.front();
  }
  PlanNode node;
  node.op = op;
  node.can_be_null =
      std::any_of(rest.begin(), rest.end(), [this](NodeId id) { return nodes_[id].can_be_null; });
  node.operands = std::move(rest);
  return intern(std::move(node));
}

NodeId PlanGraph::exclusive_or(NodeId left, NodeId right) {
  if (is_constant(left, PlanValue::kNull) || is_constant(right, PlanValue::kNull)) {
    return constant(PlanValue::kNull);
  }
  for (const auto& [one, other] : {std::pair(left, right), std::pair(right, left)}) {
    if (is_constant(one, PlanValue::kFalse)) {
      return other;
    }
    if (is_constant(one, PlanValue::kTrue)) {
      return negated(other);
    }
  }
  PlanNode node;
  node.op = PlanOp::kXor;
  node.can_be_null = nodes_[left].can_be_null || nodes_[right].can_be_null;
  node.operands = {std::min(left, right), std::max(left, right)};
  return intern(std::move(node));
}

}  // namespace quintile::query
