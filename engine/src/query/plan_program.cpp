#include "query/plan_program.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "quintile/kernels/assert.hpp"

namespace quintile::query {

namespace {

using kernels::BooleanOp;
using kernels::BooleanStep;
using kernels::kFromStack;

// Rough costs of a block, in kernel passes over a bitmap.
constexpr std::uint32_t kBitmapCost = 1;
constexpr std::uint32_t kScanCost = 8;
constexpr std::uint32_t kOpaqueCost = 200;
constexpr std::uint32_t kSplitCost = 400;
constexpr std::uint32_t kTagCost = 400;
constexpr std::uint32_t kEventsCost = 2000;
constexpr std::uint32_t kMostCost = 1'000'000;
// What is dearer is worth a look whether it is still needed.
constexpr std::uint32_t kExpensive = 100;

BooleanOp step_of(PlanOp op) {
  return op == PlanOp::kAnd  ? BooleanOp::kAnd
         : op == PlanOp::kOr ? BooleanOp::kOr
                             : BooleanOp::kXor;
}

std::uint32_t cost_of(const BoundOperand& operand) {
  switch (operand.kind) {
    case OperandKind::kSegment:
    case OperandKind::kList:
      return kBitmapCost;
    case OperandKind::kTag:
      return kTagCost;
    case OperandKind::kSplit:
      return kSplitCost;
    case OperandKind::kEvents:
    case OperandKind::kRegularly:
    case OperandKind::kSequence:
      break;
  }
  return kEventsCost;
}

}  // namespace

class PlanCompiler {
 public:
  explicit PlanCompiler(PlanProgram& program)
      : program_(program),
        graph_(program.graph),
        nodes_(program.graph.node_count()),
        uses_(nodes_),
        costs_(nodes_),
        is_root_(nodes_),
        is_kept_(nodes_),
        first_use_(nodes_, kNone) {}

  void run() {
    find_uses();
    find_costs();
    program_.unit_of.assign(nodes_, kNone);
    for (NodeId id = 0; id < nodes_; ++id) {
      if (uses_[id] != 0 || is_root_[id]) {
        choose_unit(id);
      }
    }
    for (NodeId id = 0; id < nodes_; ++id) {
      if (program_.unit_of[id] != kNone) {
        compile_unit(id, program_.units[program_.unit_of[id]]);
      }
    }
    give_slots();
  }

 private:
  struct Interval {
    std::uint32_t first = kNone;
    std::uint32_t last = 0;
    std::uint32_t* slot = nullptr;
  };

  // Which expressions need a node, and how many nodes are made of it.
  void find_uses() {
    program_.last_use.assign(nodes_, 0);
    std::vector<std::uint32_t> seen(nodes_, kNone);
    for (std::uint32_t e = 0; e < program_.roots.size(); ++e) {
      is_root_[program_.roots[e]] = true;
      visit(program_.roots[e], e, seen);
    }
  }

  void visit(NodeId id, std::uint32_t expression, std::vector<std::uint32_t>& seen) {
    if (seen[id] == expression) {
      return;
    }
    seen[id] = expression;
    const bool is_new = first_use_[id] == kNone;
    first_use_[id] = std::min(first_use_[id], expression);
    program_.last_use[id] = expression;
    const PlanNode& node = graph_.node(id);
    if (node.op == PlanOp::kMember) {
      keep(program_.roots[node.index], expression);
    }
    for (const NodeId operand : node.operands) {
      uses_[operand] += is_new ? 1 : 0;
      is_kept_[operand] =
          is_kept_[operand] || node.op == PlanOp::kIsTrue || node.op == PlanOp::kIsNull;
      visit(operand, expression, seen);
    }
  }

  // The bitmaps of a node, which may be those of others, are read by `expression`.
  void keep(NodeId id, std::uint32_t expression) {
    const PlanNode& node = graph_.node(id);
    program_.last_use[id] = expression;
    is_kept_[id] = true;
    if (node.op == PlanOp::kMember) {
      keep(program_.roots[node.index], expression);
    } else if (node.op == PlanOp::kIsTrue || node.op == PlanOp::kIsNull) {
      keep(node.operands.front(), expression);
    }
  }

  // Operands of a node come before it.
  void find_costs() {
    for (NodeId id = 0; id < nodes_; ++id) {
      const PlanNode& node = graph_.node(id);
      std::uint32_t cost = kBitmapCost;
      if (node.op == PlanOp::kAtom) {
        cost = cost_of(graph_.atom_of(id));
      }
      for (const NodeId operand : node.operands) {
        cost = std::min(kMostCost, cost + costs_[operand]);
      }
      costs_[id] = cost;
    }
  }

  [[nodiscard]] std::uint32_t cost_of(const PlanAtom& atom) const {
    std::uint32_t cost = atom.kind == AtomKind::kOpaque ? kOpaqueCost
                         : atom.kind == AtomKind::kBits || atom.kind == AtomKind::kNullBits
                             ? kBitmapCost
                             : kScanCost;
    for (const std::uint32_t view : atom.views) {
      if (view >= program_.column_count) {
        cost += query::cost_of(program_.operands[view - program_.column_count]);
      }
    }
    return cost;
  }

  // A bitmap is kept of what is asked for, looked at from two sides, used by several or made in
  // stages.
  void choose_unit(NodeId id) {
    const PlanNode& node = graph_.node(id);
    if (graph_.is_leaf(id)) {
      return;
    }
    const bool is_trivial = node.op == PlanOp::kNot && graph_.is_leaf(node.operands.front());
    const bool is_shared = !is_trivial && uses_[id] > 1;
    if (!is_root_[id] && !is_kept_[id] && !is_shared && !has_stages(node)) {
      return;
    }
    program_.unit_of[id] = static_cast<std::uint32_t>(program_.units.size());
    PlanUnit unit;
    unit.only_counted = uses_[id] == 0 && !is_kept_[id];
    program_.units.push_back(std::move(unit));
  }

  [[nodiscard]] bool has_stages(const PlanNode& node) const {
    return (node.op == PlanOp::kAnd || node.op == PlanOp::kOr) &&
           std::any_of(node.operands.begin(), node.operands.end(),
                       [this](NodeId id) { return costs_[id] >= kExpensive; });
  }

  [[nodiscard]] bool is_term(NodeId id) const {
    return graph_.is_leaf(id) || program_.unit_of[id] != kNone;
  }

  // Values on the stack that a node needs, when the operand that needs most comes first.
  [[nodiscard]] std::size_t stack_of(NodeId id) const {
    if (is_term(id)) {
      return 1;
    }
    std::size_t most = 0;
    std::size_t pushed_by_most = 0;
    std::size_t pushed_by_others = 0;
    for (const NodeId operand : graph_.node(id).operands) {
      const std::size_t need = stack_of(operand);
      const std::size_t pushed = is_term(operand) ? 0 : need;
      if (need > most) {
        pushed_by_others = std::max(pushed_by_others, pushed_by_most);
        pushed_by_most = pushed;
        most = need;
      } else {
        pushed_by_others = std::max(pushed_by_others, pushed);
      }
    }
    return std::max(most, pushed_by_others + 1);
  }

  void compile_unit(NodeId id, PlanUnit& unit) {
    const PlanNode& node = graph_.node(id);
    if (!has_stages(node)) {
      unit.stages.emplace_back();
      emit(node, node.operands, unit.stages.back());
    } else {
      std::vector<NodeId> operands = node.operands;
      std::stable_sort(operands.begin(), operands.end(),
                       [this](NodeId a, NodeId b) { return costs_[a] < costs_[b]; });
      const auto cheap = static_cast<std::size_t>(
          std::count_if(operands.begin(), operands.end(),
                        [this](NodeId operand) { return costs_[operand] < kExpensive; }));
      const std::size_t start = std::max<std::size_t>(cheap, 1);
      unit.stages.emplace_back();
      emit(node, std::span(operands).first(start), unit.stages.back());
      for (std::size_t i = start; i < operands.size(); ++i) {
        PlanStage& stage = unit.stages.emplace_back();
        stage.terms.push_back(id);
        stage.steps.push_back({BooleanOp::kPush, 0});
        join(node.op, operands[i], stage);
      }
    }
    for (const PlanStage& stage : unit.stages) {
      QUINTILE_ASSERT(kernels::is_well_formed(stage.steps, stage.terms.size()));
      program_.most_terms = std::max(program_.most_terms, stage.terms.size());
    }
  }

  static std::uint16_t term(NodeId id, PlanStage& stage) {
    const auto found = std::find(stage.terms.begin(), stage.terms.end(), id);
    const auto place = static_cast<std::uint16_t>(found - stage.terms.begin());
    if (found == stage.terms.end()) {
      stage.terms.push_back(id);
    }
    return place;
  }

  // Push what `node` makes of `operands`, which are its own or some of them.
  void emit(const PlanNode& node, std::span<const NodeId> operands, PlanStage& stage) {
    if (node.op == PlanOp::kNot) {
      push(operands.front(), stage);
      stage.steps.push_back({BooleanOp::kNot, kFromStack});
      return;
    }
    std::vector<NodeId> order(operands.begin(), operands.end());
    // What needs the stack first, then bitmaps, then those that are turned round.
    const auto rank = [this](NodeId id) {
      return is_term(id) ? std::size_t{1} : is_negated_term(id) ? std::size_t{0} : stack_of(id) + 1;
    };
    std::stable_sort(order.begin(), order.end(),
                     [&](NodeId a, NodeId b) { return rank(a) > rank(b); });
    push(order.front(), stage);
    for (std::size_t i = 1; i < order.size(); ++i) {
      join(node.op, order[i], stage);
    }
  }

  [[nodiscard]] bool is_negated_term(NodeId id) const {
    return !is_term(id) && graph_.node(id).op == PlanOp::kNot &&
           is_term(graph_.node(id).operands.front());
  }

  void push(NodeId id, PlanStage& stage) {
    if (is_term(id)) {
      stage.steps.push_back({BooleanOp::kPush, term(id, stage)});
      return;
    }
    const PlanNode& node = graph_.node(id);
    emit(node, node.operands, stage);
  }

  // Combine the top of the stack with `id`.
  void join(PlanOp op, NodeId id, PlanStage& stage) {
    if (is_term(id)) {
      stage.steps.push_back({step_of(op), term(id, stage)});
    } else if (op == PlanOp::kAnd && is_negated_term(id)) {
      stage.steps.push_back({BooleanOp::kAndNot, term(graph_.node(id).operands.front(), stage)});
    } else {
      push(id, stage);
      stage.steps.push_back({step_of(op), kFromStack});
    }
  }

  // Slots are handed on when the last expression that needs them is done.
  void give_slots() {
    std::vector<Interval> wanted;
    const auto expressions = static_cast<std::uint32_t>(program_.roots.size());
    const std::uint32_t last = expressions == 0 ? 0 : expressions - 1;
    for (std::uint32_t& slot : program_.result_slots) {
      wanted.push_back({0, last, &slot});
    }
    want_atoms(wanted);
    for (NodeId id = 0; id < nodes_; ++id) {
      if (program_.unit_of[id] == kNone) {
        continue;
      }
      PlanUnit& unit = program_.units[program_.unit_of[id]];
      for (std::size_t i = 0; i < std::min<std::size_t>(2, unit.stages.size()); ++i) {
        wanted.push_back({first_use_[id], program_.last_use[id], &unit.is_true[i]});
        if (graph_.node(id).can_be_null) {
          wanted.push_back({first_use_[id], program_.last_use[id], &unit.is_null[i]});
        }
      }
    }
    place(std::move(wanted));
  }

  // The atoms of a view are computed together, when the first of them is asked for.
  void want_atoms(std::vector<Interval>& wanted) {
    program_.atom_slot.assign(nodes_, kNone);
    program_.atom_null_slot.assign(nodes_, kNone);
    program_.atoms_of_view.assign(program_.view_count(), {});
    program_.null_slot_of_view.assign(program_.view_count(), kNone);
    std::vector<Interval> nulls(program_.view_count());
    for (NodeId id = 0; id < nodes_; ++id) {
      if (graph_.node(id).op != PlanOp::kAtom || first_use_[id] == kNone) {
        continue;
      }
      const PlanAtom& atom = graph_.atom_of(id);
      const std::uint32_t last = program_.last_use[id];
      if (atom.kind == AtomKind::kOpaque) {
        wanted.push_back({first_use_[id], last, &program_.atom_slot[id]});
        wanted.push_back({first_use_[id], last, &program_.atom_null_slot[id]});
        continue;
      }
      const std::uint32_t view = atom.views.front();
      program_.atoms_of_view[view].push_back(id);
      nulls[view].first = std::min(nulls[view].first, first_use_[id]);
      nulls[view].last = std::max(nulls[view].last, last);
    }
    for (std::uint32_t view = 0; view < nulls.size(); ++view) {
      if (program_.atoms_of_view[view].empty()) {
        continue;
      }
      nulls[view].slot = &program_.null_slot_of_view[view];
      wanted.push_back(nulls[view]);
      for (const NodeId id : program_.atoms_of_view[view]) {
        if (graph_.atom_of(id).kind != AtomKind::kNullBits) {
          wanted.push_back({nulls[view].first, program_.last_use[id], &program_.atom_slot[id]});
        }
      }
    }
  }

  void place(std::vector<Interval> wanted) {
    std::stable_sort(wanted.begin(), wanted.end(),
                     [](const Interval& a, const Interval& b) { return a.first < b.first; });
    std::vector<std::vector<std::uint32_t>> freed(program_.roots.size() + 1);
    std::vector<std::uint32_t> unused;
    std::uint32_t now = 0;
    for (const Interval& interval : wanted) {
      for (; now < interval.first; ++now) {
        unused.insert(unused.end(), freed[now].begin(), freed[now].end());
      }
      if (unused.empty()) {
        *interval.slot = program_.slot_count++;
      } else {
        *interval.slot = unused.back();
        unused.pop_back();
      }
      freed[interval.last].push_back(*interval.slot);
    }
  }

  PlanProgram& program_;
  const PlanGraph& graph_;
  std::size_t nodes_;
  std::vector<std::uint32_t> uses_;   // nodes that a node is an operand of
  std::vector<std::uint32_t> costs_;  // of a node, what it is made of included
  std::vector<bool> is_root_;
  std::vector<bool> is_kept_;  // its bitmaps are read as such
  std::vector<std::uint32_t> first_use_;
};

void PlanProgram::compile() { PlanCompiler(*this).run(); }

}  // namespace quintile::query
