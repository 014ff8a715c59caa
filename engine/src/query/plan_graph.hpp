// Expressions as one graph in which equal parts are one node, folded as far as SQL's three truth
// values allow.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "query/term.hpp"

namespace quintile::query {

using NodeId = std::uint32_t;

enum class PlanOp : std::uint8_t {
  kConstant,  // value
  kAtom,      // index
  kMember,    // index: where that expression is true; never NULL
  kIsTrue,    // one operand; never NULL
  kIsNull,    // one operand; never NULL
  kNot,       // one operand
  kAnd,       // two or more, none of them kAnd
  kOr,        // two or more, none of them kOr
  kXor        // two; NULL where either is
};

enum class PlanValue : std::uint8_t { kFalse, kTrue, kNull };

struct PlanNode {
  PlanOp op = PlanOp::kConstant;
  PlanValue value = PlanValue::kNull;
  std::uint32_t index = 0;
  std::vector<NodeId> operands;
  bool can_be_null = true;
};

enum class AtomKind : std::uint8_t {
  kBits,          // a view that is a bitmap
  kNullBits,      // where a view is NULL
  kInterval,      // whole numbers in [low, high]
  kRealInterval,  // doubles in [real_low, real_high]
  kNumbers,       // whole numbers in `values`, which ascend
  kCodes,         // codes whose bit is set in `table`; `values` are these if they are few
  kOpaque         // term
};

// A condition over views (columns, then the operands of the plan) that a plan computes as a whole.
struct PlanAtom {
  AtomKind kind = AtomKind::kBits;
  std::vector<std::uint32_t> views;  // one; kOpaque: each that the term reads, once
  std::int64_t low = 0;
  std::int64_t high = 0;
  double real_low = 0;
  double real_high = 0;
  std::vector<std::int64_t> values;  // kNumbers; kCodes: those of `table`, or empty if many
  std::vector<std::uint64_t> table;
  const OpaqueTerm* term = nullptr;
  std::uint32_t expression = 0;  // kOpaque: whose numbers of columns the term uses
};

// Functions return the node that is equal to what they name; it may be one that is there already.
class PlanGraph {
 public:
  [[nodiscard]] NodeId constant(PlanValue value);
  // `key` tells opaque atoms apart; others are what their fields say.
  [[nodiscard]] NodeId atom(PlanAtom atom, const std::string& key = {});
  [[nodiscard]] NodeId member(std::uint32_t expression);
  [[nodiscard]] NodeId is_true(NodeId operand);
  [[nodiscard]] NodeId is_null(NodeId operand);
  [[nodiscard]] NodeId negated(NodeId operand);
  // AND, OR of any number of operands.
  [[nodiscard]] NodeId chain(PlanOp op, std::span<const NodeId> operands);
  [[nodiscard]] NodeId exclusive_or(NodeId left, NodeId right);

  [[nodiscard]] const PlanNode& node(NodeId id) const noexcept { return nodes_[id]; }
  [[nodiscard]] const PlanAtom& atom_of(NodeId id) const noexcept {
    return atoms_[nodes_[id].index];
  }
  [[nodiscard]] std::size_t node_count() const noexcept { return nodes_.size(); }
  [[nodiscard]] bool is_constant(NodeId id, PlanValue value) const noexcept {
    return nodes_[id].op == PlanOp::kConstant && nodes_[id].value == value;
  }
  // Computed without any operation: a constant, an atom, or one side of something's truth.
  [[nodiscard]] bool is_leaf(NodeId id) const noexcept { return nodes_[id].op <= PlanOp::kIsNull; }

 private:
  [[nodiscard]] NodeId intern(PlanNode node, const std::string& key);
  [[nodiscard]] NodeId intern(PlanNode node);
  [[nodiscard]] std::vector<NodeId> flattened(PlanOp op, std::span<const NodeId> operands) const;
  void merge_atoms(PlanOp op, std::vector<NodeId>& operands);
  static void merge(PlanOp op, const PlanAtom& other, PlanAtom& into);
  [[nodiscard]] static bool can_merge(PlanOp op, const PlanAtom& a, const PlanAtom& b);

  std::vector<PlanNode> nodes_;
  std::vector<PlanAtom> atoms_;
  std::map<std::string, NodeId> known_;
};

}  // namespace quintile::query
