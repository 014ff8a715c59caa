// From the state of an engine to a generation.
#include "exec/engine_impl.hpp"

namespace quintile {

Status about_model(const RfmModel& model, std::string_view part, const Status& status) {
  return {status.code(), "model '" + model.name + "', " + std::string(part) + ": " +
                             std::string(status.message())};
}

Result<BoundExpression> Engine::Impl::bind_where(const Expression& expression,
                                                 const AsOf& as_of) const {
  std::vector<IdTableDictionary> dictionaries;
  const std::vector<ExpressionColumn> columns =
      orders.expression_columns(options.currency_decimals, dictionaries);
  ExpressionBinding binding;
  binding.columns = columns;
  set_instant(binding, zone, as_of);
  return expression.bind(binding);
}

std::shared_ptr<const IdOrder> Engine::Impl::contacts() {
  const std::shared_lock lock(directory_lock);
  if (!id_order || id_order->ids().size() != directory.size()) {
    id_order = std::make_shared<const IdOrder>(directory.ids(), options.arena);
  }
  return id_order;
}

Status Engine::Impl::compute_model(const RfmModel& model, const AsOf& as_of,
                                   const RecomputeOptions& how, GenerationData& data) {
  RfmContext context{.model = model,
                     .blocks = orders.blocks(),
                     .line_columns = orders.columns(),
                     .attributes = attributes,
                     .contacts = *data.contacts,
                     .zone = zone,
                     .executor = options.arena->executor(),
                     .stop = how.stop,
                     .series = how.series};
  context.general_only = general_only;
  context.instant_us = as_of.instant_us;
  context.local_day = as_of.local_day;
  context.whole_day = zone.day_number(as_of.instant_us + 1) != as_of.local_day;
  context.min_purchase = model.zero_is_purchase ? 0 : 1;
  for (std::size_t axis = 0; axis < kAxisCount; ++axis) {
    context.windows[axis] =
        resolve_window(model.tiers[axis].window, as_of.instant_us, as_of.local_day);
  }
  if (model.where) {
    Result<BoundExpression> bound = bind_where(*model.where, as_of);
    if (!bound.ok()) {
      return about_model(model, "where", bound.status());
    }
    context.where = std::move(bound).value();
  }
  const Scope people(
      {.attributes = attributes, .zone = zone, .ids = context.contacts.ids(), .as_of = as_of});
  context.people = &people;
  if (model.population) {
    Result<BoundExpression> bound = model.population->bind(people.binding());
    if (!bound.ok()) {
      return about_model(model, "population", bound.status());
    }
    context.population = std::move(bound).value();
  }
  Result<std::unique_ptr<RfmData>> result = run_rfm(context);
  if (!result.ok()) {
    return about_model(model, "as of " + as_of.text, result.status());
  }
  for (std::size_t code = 0; code < (*result)->segments.size(); ++code) {
    data.segments[model.name + '.' + model.classes[code]] = std::move((*result)->segments[code]);
  }
  (*result)->segments.clear();
  (*result)->definition = std::make_shared<const RfmModel>(model);
  data.models.emplace_back(std::move(*result));
  data.model_names.push_back(model.name);
  return {};
}

Result<std::shared_ptr<const Generation>> Engine::Impl::compute(const AsOf& as_of,
                                                                const RecomputeOptions& how,
                                                                std::uint64_t generation) {
  auto data = std::make_unique<GenerationData>();
  data->number = generation;
  data->engine = identity;
  data->data_version = data_version;
  data->as_of = as_of;
  data->as_of.local_day = zone.day_number(as_of.instant_us);
  if (data->as_of.local_day == kNoDay) {
    return Status(StatusCode::kOutOfRange,
                  "expected an as_of from 1900-01-01 to 2079-06-04, got '" + as_of.text + "'");
  }
  data->contacts = contacts();
  const std::uint32_t count = data->contacts->ids().size();
  orders.seal(count, options.arena->executor());
  attributes.extend(count);
  for (EventStore& store : events) {
    store.seal(count, options.arena->executor());
  }
  for (const RfmModel& model : models) {
    if (Status status = compute_model(model, data->as_of, how, *data); !status.ok()) {
      return status;
    }
  }
  if (Status status = compute_segments(how, *data); !status.ok()) {
    return status;
  }
  return std::shared_ptr<const Generation>(std::make_shared<Generation>(std::move(data)));
}

}  // namespace quintile
