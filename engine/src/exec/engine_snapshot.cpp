// An engine on disk, and back.
#include <algorithm>

#include "exec/engine_impl.hpp"
#include "status/try.hpp"
#include "storage/snapshot_folder.hpp"
#include "storage/snapshot_walk.hpp"

namespace quintile {

namespace {

constexpr std::uint64_t kMaxAttributes = 4096;
constexpr std::uint64_t kMaxEventTypes = 1024;
constexpr std::uint64_t kMaxEventProperties = 256;
constexpr std::uint64_t kMaxModels = 256;

// What a snapshot says of itself before the data.
struct SnapshotOptions {
  std::string time_zone;
  int currency_decimals = 0;
  std::vector<Attribute> attributes;
  std::vector<EventType> events;
  struct Model {
    std::string name;
    std::string yaml;
  };
  std::vector<Model> models;
};

template <class Archive, class Entry>
void size_list(Archive& archive, std::vector<Entry>& list, std::uint64_t limit) {
  list.resize(archive.length(list.size(), limit));
}

template <class Archive>
void walk_type(Archive& archive, DataType& type) {
  archive.scalar(type);
  if constexpr (Archive::kReads) {
    if (type > DataType::kConsent) {
      archive.fail("expected a type, got another number");
    }
  }
}

template <class Archive>
void walk_options(Archive& archive, SnapshotOptions& options) {
  archive.part("options");
  archive.text(options.time_zone);
  archive.scalar(options.currency_decimals);
  size_list(archive, options.attributes, kMaxAttributes);
  for (Attribute& attribute : options.attributes) {
    archive.text(attribute.name);
    walk_type(archive, attribute.type);
    archive.scalar(attribute.decimals);
    archive.text(attribute.channel);
    archive.text(attribute.purpose);
  }
  size_list(archive, options.events, kMaxEventTypes);
  for (EventType& type : options.events) {
    archive.text(type.name);
    std::uint32_t retention = type.retention_days.value_or(0);
    archive.scalar(retention);
    type.retention_days = retention == 0 ? std::nullopt : std::optional(retention);
    size_list(archive, type.properties, kMaxEventProperties);
    for (EventProperty& property : type.properties) {
      archive.text(property.name);
      walk_type(archive, property.type);
      archive.scalar(property.decimals);
    }
  }
  size_list(archive, options.models, kMaxModels);
  for (SnapshotOptions::Model& model : options.models) {
    archive.text(model.name);
    archive.text(model.yaml);
  }
}

template <class Archive>
void walk_stores(Archive& archive, SnapshotWalk& walk, ContactDirectory& directory,
                 AttributeStore& attributes, OrderStore& orders, std::vector<EventStore>& events) {
  walk.walk(archive, directory);
  walk.walk(archive, attributes);
  walk.walk(archive, orders);
  for (EventStore& store : events) {
    walk.walk(archive, store);
  }
}

Result<SnapshotOptions> options_of(const EngineOptions& options,
                                   const std::vector<RfmModel>& models) {
  SnapshotOptions all;
  all.time_zone = options.time_zone;
  all.currency_decimals = options.currency_decimals;
  all.attributes.assign(options.schema.attributes().begin(), options.schema.attributes().end());
  all.events.assign(options.events.types().begin(), options.events.types().end());
  for (const RfmModel& model : models) {
    if (model.yaml.empty()) {
      return Status(StatusCode::kInvalidArgument,
                    "model '" + model.name + "': expected one that was read from YAML");
    }
    all.models.push_back({model.name, model.yaml});
  }
  return all;
}

Result<std::unique_ptr<Engine>> create_engine(SnapshotOptions& read, const SnapshotReader& reader,
                                              std::shared_ptr<Arena> arena) {
  const auto placed = [&](const Status& status) {
    return Status(status.code(), reader.path() + ": " + std::string(status.message()));
  };
  EngineOptions options;
  options.time_zone = read.time_zone;
  options.currency_decimals = read.currency_decimals;
  options.arena = std::move(arena);
  Result<Schema> schema = Schema::create(std::move(read.attributes));
  if (!schema.ok()) {
    return placed(schema.status());
  }
  options.schema = std::move(*schema);
  Result<EventSchema> events = EventSchema::create(std::move(read.events));
  if (!events.ok()) {
    return placed(events.status());
  }
  options.events = std::move(*events);
  Result<std::unique_ptr<Engine>> engine = Engine::create(std::move(options));
  return engine.ok() ? std::move(engine) : placed(engine.status());
}

Status define_models(Engine& engine, const std::vector<SnapshotOptions::Model>& models) {
  for (const SnapshotOptions::Model& each : models) {
    QUINTILE_ASSIGN_OR_RETURN(RfmModel model, parse_rfm_model(each.yaml, "model " + each.name,
                                                              engine.options().currency_decimals));
    model.name = each.name;
    QUINTILE_TRY(engine.define(model));
  }
  return {};
}

}  // namespace

Result<std::uint64_t> Engine::save(const StoreLock& store) {
  return guarded([&]() -> Result<std::uint64_t> {
    const std::unique_lock guard(impl_->data_lock);
    Arena::Executor& executor = impl_->options.arena->executor();
    const std::uint32_t contacts = impl_->directory.size();
    impl_->orders.seal(contacts, executor);
    impl_->attributes.extend(contacts);
    for (EventStore& events : impl_->events) {
      events.seal(contacts, executor);
    }
    QUINTILE_ASSIGN_OR_RETURN(SnapshotOptions options, options_of(impl_->options, impl_->models));
    QUINTILE_ASSIGN_OR_RETURN(SnapshotFolder folder, SnapshotFolder::create(store));
    SnapshotWriter writer(folder.file());
    SnapshotWalk walk;
    walk_options(writer, options);
    walk_stores(writer, walk, impl_->directory, impl_->attributes, impl_->orders, impl_->events);
    QUINTILE_TRY(writer.finish());
    QUINTILE_TRY(folder.publish());
    return folder.number();
  });
}

Result<std::unique_ptr<Engine>> EngineInternals::open_snapshot(const std::string& path,
                                                               std::shared_ptr<Arena> arena) {
  SnapshotReader reader(path);
  SnapshotOptions options;
  walk_options(reader, options);
  if (!reader.ok()) {
    return reader.status();
  }
  QUINTILE_ASSIGN_OR_RETURN(std::unique_ptr<Engine> engine,
                            create_engine(options, reader, std::move(arena)));
  Engine::Impl& impl = *engine->impl_;
  Arena::Executor& executor = impl.options.arena->executor();
  SnapshotWalk walk;
  walk_stores(reader, walk, impl.directory, impl.attributes, impl.orders, impl.events);
  QUINTILE_TRY(reader.read_arrays(executor));
  if (Status status = walk.finish(executor); !status.ok()) {
    return Status(status.code(), path + ": " + std::string(status.message()));
  }
  impl.lines = impl.orders.line_count();
  if (Status status = define_models(*engine, options.models); !status.ok()) {
    return Status(status.code(), path + ": " + std::string(status.message()));
  }
  return engine;
}

Result<std::unique_ptr<Engine>> Engine::open(const std::string& directory, OpenOptions options) {
  return guarded([&]() -> Result<std::unique_ptr<Engine>> {
    QUINTILE_ASSIGN_OR_RETURN(const std::vector<std::uint64_t> numbers,
                              snapshot_numbers(directory));
    if (numbers.empty()) {
      return Status(StatusCode::kNotFound, "the store '" + directory + "' has no snapshot");
    }
    const std::uint64_t number = options.snapshot == 0 ? numbers.back() : options.snapshot;
    const auto found = std::find(numbers.begin(), numbers.end(), number);
    if (found == numbers.end()) {
      return Status(StatusCode::kNotFound,
                    "the store '" + directory + "' has no snapshot " + std::to_string(number));
    }
    Result<std::unique_ptr<Engine>> engine = EngineInternals::open_snapshot(
        snapshot_path(directory, number) + std::string(kSnapshotFile), std::move(options.arena));
    if (!engine.ok() && found != numbers.begin()) {
      return Status(engine.status().code(), std::string(engine.status().message()) + "; snapshot " +
                                                std::to_string(*(found - 1)) +
                                                " is there too, without what was loaded after it");
    }
    return engine;
  });
}

std::vector<MemoryPart> Engine::memory() const {
  const std::shared_lock guard(impl_->data_lock);
  const std::shared_lock lock(impl_->directory_lock);
  std::vector<MemoryPart> parts = {{"contacts", impl_->directory.memory_bytes()},
                                   {"attributes", impl_->attributes.memory_bytes()},
                                   {"orders", impl_->orders.memory_bytes()}};
  for (std::size_t type = 0; type < impl_->events.size(); ++type) {
    parts.push_back(
        {"events." + impl_->options.events.types()[type].name, impl_->events[type].memory_bytes()});
  }
  return parts;
}

std::vector<std::string> Engine::model_names() const {
  const std::shared_lock guard(impl_->data_lock);
  std::vector<std::string> names;
  for (const RfmModel& model : impl_->models) {
    names.push_back(model.name);
  }
  return names;
}

}  // namespace quintile
