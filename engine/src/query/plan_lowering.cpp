#include "query/plan_lowering.hpp"

#include <algorithm>
#include <utility>

namespace quintile::query {
namespace {

class Lowering {
 public:
  Lowering(std::span<const PlanSource> sources, std::span<const NodeId> roots, PlanGraph& graph)
      : sources_(sources), roots_(roots), graph_(graph) {}

  NodeId lower(const Term& term) {
    return std::visit([this](const auto& shape) { return node(shape); }, term.shape());
  }

 private:
  [[nodiscard]] PlanAtom atom_over(AtomKind kind, std::uint32_t column) const {
    PlanAtom atom;
    atom.kind = kind;
    atom.views = {sources_[column].view};
    return atom;
  }
  NodeId constant(PlanValue value) { return graph_.constant(value); }
  NodeId negated_if(bool negated, NodeId node) { return negated ? graph_.negated(node) : node; }
  // What is not in a set that has a NULL in it is unknown.
  NodeId with_null(bool has_null, NodeId node) {
    return has_null ? chain(PlanOp::kOr, {node, constant(PlanValue::kNull)}) : node;
  }
  NodeId chain(PlanOp op, std::initializer_list<NodeId> nodes) {
    return graph_.chain(op, std::span<const NodeId>(nodes.begin(), nodes.size()));
  }
  NodeId chain(PlanOp op, std::span<const TermPointer> terms) {
    std::vector<NodeId> nodes;
    for (const TermPointer& term : terms) {
      nodes.push_back(lower(*term));
    }
    return graph_.chain(op, nodes);
  }

  NodeId node(const shape::Constant& shape) {
    return constant(shape.is_null   ? PlanValue::kNull
                    : shape.is_true ? PlanValue::kTrue
                                    : PlanValue::kFalse);
  }
  NodeId node(const shape::BoolColumn& shape) {
    const PlanSource& source = sources_[shape.column];
    if (!source.is_member) {
      return graph_.atom(atom_over(AtomKind::kBits, shape.column));
    }
    const NodeId root = roots_[source.expression];
    if (graph_.node(root).op == PlanOp::kConstant) {
      return graph_.is_true(root);
    }
    return graph_.member(source.expression);
  }
  NodeId node(const shape::ColumnIsNull& shape) {
    return sources_[shape.column].is_member
               ? constant(PlanValue::kFalse)
               : graph_.atom(atom_over(AtomKind::kNullBits, shape.column));
  }
  NodeId node(const shape::Interval& shape) {
    PlanAtom atom = atom_over(AtomKind::kInterval, shape.column);
    atom.low = shape.low;
    atom.high = shape.high;
    return negated_if(shape.negated, graph_.atom(std::move(atom)));
  }
  NodeId node(const shape::RealInterval& shape) {
    PlanAtom atom = atom_over(AtomKind::kRealInterval, shape.column);
    atom.real_low = shape.low;
    atom.real_high = shape.high;
    return negated_if(shape.negated, graph_.atom(std::move(atom)));
  }
  NodeId node(const shape::NumberSet& shape) {
    PlanAtom atom = atom_over(AtomKind::kNumbers, shape.column);
    atom.values.assign(shape.values.begin(), shape.values.end());
    atom.values.erase(std::unique(atom.values.begin(), atom.values.end()), atom.values.end());
    if (atom.values.empty()) {
      atom.kind = AtomKind::kInterval;
      atom.low = 1;
    } else if (Int128{atom.values.back()} - atom.values.front() + 1 ==
               static_cast<Int128>(atom.values.size())) {
      atom.kind = AtomKind::kInterval;
      atom.low = atom.values.front();
      atom.high = atom.values.back();
      atom.values.clear();
    }
    return with_null(shape.has_null, graph_.atom(std::move(atom)));
  }
  NodeId node(const shape::CodeSet& shape) {
    PlanAtom atom = atom_over(AtomKind::kCodes, shape.column);
    atom.table.assign(shape.codes.begin(), shape.codes.end());
    return with_null(shape.has_null, graph_.atom(std::move(atom)));
  }
  NodeId node(const shape::Not& shape) { return graph_.negated(lower(shape.operand)); }
  NodeId node(const shape::And& shape) { return chain(PlanOp::kAnd, shape.operands); }
  NodeId node(const shape::Or& shape) { return chain(PlanOp::kOr, shape.operands); }
  NodeId node(const shape::IsNull& shape) { return graph_.is_null(lower(shape.operand)); }
  NodeId node(const shape::BoolEqual& shape) {
    const NodeId left = lower(shape.left);
    return graph_.negated(graph_.exclusive_or(left, lower(shape.right)));
  }
  NodeId node(const shape::BoolDistinct& shape) {
    const NodeId left = lower(shape.left);
    const NodeId right = lower(shape.right);
    if (graph_.is_constant(right, PlanValue::kTrue)) {  // IS NOT TRUE
      return graph_.negated(graph_.is_true(left));
    }
    return chain(PlanOp::kOr, {graph_.exclusive_or(graph_.is_true(left), graph_.is_true(right)),
                               graph_.exclusive_or(graph_.is_null(left), graph_.is_null(right))});
  }
  NodeId node(const shape::Distinct& shape) {
    const NodeId equal = graph_.is_true(lower(shape.equal));
    const NodeId left = lower(shape.left_is_null);
    const NodeId both = chain(PlanOp::kAnd, {left, lower(shape.right_is_null)});
    return graph_.negated(chain(PlanOp::kOr, {equal, both}));
  }
  NodeId node(const shape::FirstKnown& shape) {
    NodeId rest = lower(*shape.items.back());
    for (std::size_t i = shape.items.size() - 1; i-- > 0;) {
      const NodeId item = lower(*shape.items[i]);
      const NodeId otherwise = chain(PlanOp::kAnd, {graph_.is_null(item), rest});
      rest = chain(PlanOp::kOr, {graph_.is_true(item), otherwise});
    }
    return rest;
  }
  NodeId node(const shape::Opaque& shape) {
    TermKey key([this](std::uint32_t column) { return sources_[column].view; });
    shape.term.write_key(key);
    PlanAtom atom;
    atom.kind = AtomKind::kOpaque;
    atom.views = key.views();
    std::sort(atom.views.begin(), atom.views.end());
    atom.views.erase(std::unique(atom.views.begin(), atom.views.end()), atom.views.end());
    atom.term = &shape.term;
    atom.expression = static_cast<std::uint32_t>(roots_.size());
    return graph_.atom(std::move(atom), key.text());
  }

  std::span<const PlanSource> sources_;
  std::span<const NodeId> roots_;
  PlanGraph& graph_;
};

}  // namespace

NodeId lower_expression(const Term& term, std::span<const PlanSource> sources,
                        std::span<const NodeId> roots, PlanGraph& graph) {
  return Lowering(sources, roots, graph).lower(term);
}

}  // namespace quintile::query
