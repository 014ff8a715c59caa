// Segments of an engine: their definitions, their rows in a generation, a change tried out.
#include <algorithm>

#include "catalogue/catalogue_edit.hpp"
#include "exec/engine_impl.hpp"
#include "exec/segment_run.hpp"
#include "query/name_hint.hpp"
#include "status/try.hpp"

namespace quintile {
namespace {

using SegmentPointers = std::vector<const CatalogueSegment*>;

// Each after those that it uses.
SegmentPointers in_order(const Catalogue& catalogue) {
  SegmentPointers pointers;
  const auto segments = catalogue.segments();
  for (const std::uint32_t position : order_segments(uses_of(segments)).order) {
    pointers.push_back(&segments[position]);
  }
  return pointers;
}

// The names of those that are evaluated, for binding.
NamedRowSets placeholders(const SegmentPointers& segments) {
  NamedRowSets names;
  for (const CatalogueSegment* segment : segments) {
    names.emplace(segment->definition.name, RowSet());
  }
  return names;
}

SegmentInfo info_of_rows(SegmentKind kind, const RowSet& rows, std::uint64_t unknown) {
  return {.kind = kind, .count = rows.count(), .unknown = unknown};
}

BrokenSegments broken_in(const GenerationData& data) {
  BrokenSegments broken;
  for (const auto& [name, info] : data.segment_infos) {
    if (!info.broken.empty()) {
      broken.emplace(name, BrokenSegment{name, info.broken});
    }
  }
  return broken;
}

const RowSet& rows_in(const GenerationData& data, std::string_view name) {
  static const RowSet kNobody;
  const auto found = data.segments.find(name);
  return found == data.segments.end() ? kNobody : found->second;
}

SegmentChangeEffect effect_of(const GenerationData& data, const std::string& name,
                              const RowSet& after) {
  const RowSet& before = rows_in(data, name);
  return {.name = name,
          .before = before.count(),
          .after = after.count(),
          .entering = after.andnot_count(before),
          .leaving = before.andnot_count(after)};
}

Result<std::vector<SegmentOverlap>> overlaps_of(const GenerationData& data, const RowSet& rows,
                                                std::span<const std::string> names) {
  std::vector<SegmentOverlap> overlaps;
  for (const std::string& name : names) {
    const auto found = data.segments.find(name);
    if (found == data.segments.end()) {
      if (const auto info = data.segment_infos.find(name);
          info != data.segment_infos.end() && !info->second.broken.empty()) {
        return Status(StatusCode::kUnavailable,
                      "segment " + quoted_for_message(name) + " is broken: " + info->second.broken);
      }
      std::vector<std::string_view> known;
      for (const auto& [other, unused] : data.segments) {
        known.push_back(other);
      }
      return Status(StatusCode::kNotFound,
                    "unknown segment " + quoted_for_message(name) + closest_name_hint(name, known));
    }
    overlaps.push_back({name, found->second.count(), found->second.and_count(rows)});
  }
  return overlaps;
}

}  // namespace

Status Engine::Impl::check_class_names(const RfmModel& model, const Catalogue& catalogue) {
  for (const std::string& name : model.classes) {
    const std::string full = model.name + '.' + name;
    if (catalogue.find(full) != nullptr) {
      return {StatusCode::kAlreadyExists, "expected a name of its own for segment '" + full +
                                              "', got that of a class of model '" + model.name +
                                              "'"};
    }
  }
  return {};
}

Status Engine::define_segments(std::span<const SegmentDefinition> definitions) {
  return guarded([&]() -> Status {
    auto catalogue = std::make_shared<Catalogue>();
    QUINTILE_TRY(catalogue->put(definitions, {}));
    const std::unique_lock lock(impl_->data_lock);
    for (const RfmModel& model : impl_->models) {
      QUINTILE_TRY(Impl::check_class_names(model, *catalogue));
    }
    ContactLists lists;
    for (const CatalogueSegment& segment : catalogue->segments()) {
      const SegmentDefinition& definition = segment.definition;
      if (definition.kind != SegmentKind::kStatic) {
        continue;
      }
      const auto known = impl_->contact_lists.find(definition.name);
      if (known != impl_->contact_lists.end() && *known->second.ids() == *definition.contacts) {
        lists.insert(impl_->contact_lists.extract(known));
      } else {
        lists.emplace(definition.name, ContactList(definition.contacts));
      }
    }
    impl_->contact_lists = std::move(lists);
    impl_->segments = std::move(catalogue);
    return {};
  });
}

// Lists first: the expressions may ask for them.
Status Engine::Impl::compute_segments(const RecomputeOptions& how, GenerationData& data) {
  data.definitions = segments;
  for (const auto& [name, rows] : data.segments) {
    data.segment_infos.emplace(name, info_of_rows(SegmentKind::kClass, rows, 0));
  }
  for (auto& [name, list] : contact_lists) {
    {
      const std::shared_lock lock(directory_lock);
      list.resolve(directory);
    }
    data.lists.emplace(name, list.rows());
    data.segments.emplace(name, list.rows());
    data.segment_infos.emplace(name,
                               info_of_rows(SegmentKind::kStatic, list.rows(), list.missing()));
  }
  SegmentPointers dynamic = in_order(*segments);
  std::erase_if(dynamic, [](const CatalogueSegment* segment) {
    return segment->definition.kind != SegmentKind::kDynamic;
  });
  if (dynamic.empty()) {
    return {};
  }
  const NamedRowSets names = placeholders(dynamic);
  ScopeSource source = scope_source(data);
  source.instead = &names;
  const Scope scope(source);
  BrokenSegments broken;
  QUINTILE_ASSIGN_OR_RETURN(
      std::vector<SegmentRows> results,
      run_segments(scope, dynamic, broken, options.arena->executor(), {.stop = how.stop}));
  for (std::size_t i = 0; i < dynamic.size(); ++i) {
    const std::string& name = dynamic[i]->definition.name;
    if (const auto found = broken.find(name); found != broken.end()) {
      data.segment_infos[name] = {.kind = SegmentKind::kDynamic,
                                  .broken = broken_text(name, found->second)};
      continue;
    }
    data.segment_infos[name] =
        info_of_rows(SegmentKind::kDynamic, results[i].rows, results[i].unknown);
    data.segments[name] = std::move(results[i].rows);
  }
  return {};
}

Result<SegmentPreview> Engine::Impl::preview(const SegmentDefinition& definition,
                                             const GenerationData& data,
                                             const PreviewOptions& how) const {
  Catalogue changed = *data.definitions;
  QUINTILE_TRY(changed.put(definition, {}));
  for (const RfmModel& model : models) {
    QUINTILE_TRY(check_class_names(model, changed));
  }
  SegmentPreview result;
  NamedRowSets names;
  SegmentPointers affected;
  if (definition.kind == SegmentKind::kStatic) {
    ContactList list(changed.find(definition.name)->definition.contacts);
    const std::shared_lock lock(directory_lock);
    list.resolve(directory);
    result.unknown = list.missing();
    names.emplace(definition.name, list.rows());
  } else {
    affected.push_back(changed.find(definition.name));
  }
  for (const std::string& name : changed.dependents_of(definition.name)) {
    affected.push_back(changed.find(name));
  }
  names.merge(placeholders(affected));
  ScopeSource source = scope_source(data);
  source.instead = &names;
  const Scope scope(source);
  BrokenSegments broken = broken_in(data);
  for (const CatalogueSegment* segment : affected) {
    broken.erase(segment->definition.name);
  }
  broken.erase(definition.name);
  QUINTILE_ASSIGN_OR_RETURN(
      const std::vector<SegmentRows> rows,
      run_segments(scope, affected, broken, options.arena->executor(), how.select));
  if (const auto found = broken.find(definition.name); found != broken.end()) {
    return Status(StatusCode::kInvalidArgument, "segment '" + definition.name + "': " +
                                                    broken_text(definition.name, found->second));
  }
  for (std::size_t i = 0; i < affected.size(); ++i) {
    const std::string& name = affected[i]->definition.name;
    if (name == definition.name) {
      result.unknown = rows[i].unknown;
      continue;
    }
    SegmentChangeEffect effect = effect_of(data, name, rows[i].rows);
    if (const auto found = broken.find(name); found != broken.end()) {
      effect.broken = broken_text(name, found->second);
    }
    result.dependents.push_back(std::move(effect));
  }
  const RowSet& after = definition.kind == SegmentKind::kStatic
                            ? names.find(definition.name)->second
                            : rows.front().rows;
  result.change = effect_of(data, definition.name, after);
  QUINTILE_ASSIGN_OR_RETURN(result.overlaps, overlaps_of(data, after, how.overlap_with));
  return result;
}

Result<SegmentPreview> Engine::preview(const SegmentDefinition& definition,
                                       const Generation& generation,
                                       const PreviewOptions& options) const {
  return guarded([&]() -> Result<SegmentPreview> {
    const GenerationData& data = GenerationInternals::of(generation);
    const std::shared_lock lock(impl_->data_lock);
    QUINTILE_TRY(impl_->check_generation(data));
    return impl_->preview(definition, data, options);
  });
}

}  // namespace quintile
