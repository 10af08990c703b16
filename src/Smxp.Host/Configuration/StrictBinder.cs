using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Smxp.Plugins;

namespace Smxp.Host.Configuration;

/// <summary>
/// Binds a configuration section to a settings class and forgives nothing: a key without a property, a value of the wrong type, a rule of the class that
/// does not hold, each is a problem with its full configuration path. (The platform's binder can refuse unknown keys, but stops at the first and suggests nothing.)
/// </summary>
internal sealed class StrictBinder(StartupProblems problems)
{
    private static readonly NullabilityInfoContext Nullability = new();

    /// <summary>Binds a section; <paramref name="foreign"/> keys belong to somebody else and are passed over.</summary>
    public object Bind(Type type, IConfigurationSection section, params IReadOnlyCollection<string> foreign)
    {
        var settings = Activator.CreateInstance(type)!;
        Fill(settings, section, foreign);
        return settings;
    }

    private void Fill(object settings, IConfigurationSection section, IReadOnlyCollection<string> foreign)
    {
        var properties = settings.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.SetMethod is { IsPublic: true }).ToArray();
        if (!section.GetChildren().Any() && !string.IsNullOrEmpty(section.Value)) problems.Add(section.Path, "expected a section with settings, not one value");
        foreach (var child in section.GetChildren())
        {
            if (Array.Find(properties, property => property.Name.Equals(child.Key, StringComparison.OrdinalIgnoreCase)) is { } property) Set(settings, property, child);
            else if (!foreign.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
                problems.Add(child.Path, $"unknown setting; {NearestName.Suggest(child.Key, properties.Select(known => known.Name).Concat(foreign))}");
        }

        Validate(settings, section.Path);
    }

    private void Set(object settings, PropertyInfo property, IConfigurationSection section)
    {
        if (section.Value is null && !section.GetChildren().Any())
        {
            // JSON null: a setting that may be absent becomes so, any other keeps its default.
            bool optional;
            lock (Nullability) optional = Nullability.Create(property).WriteState == NullabilityState.Nullable;
            if (optional) property.SetValue(settings, null);
            return;
        }

        if (Read(property.PropertyType, section, property.GetValue(settings)) is { } value) property.SetValue(settings, value);
    }

    private object? Read(Type declared, IConfigurationSection section, object? current)
    {
        var type = Nullable.GetUnderlyingType(declared) ?? declared;
        if (SettingValue.IsScalar(type)) return ReadScalar(type, section);
        if (DictionaryOf(type) is { } valueType) return ReadDictionary(valueType, section);
        if (ElementOf(type) is { } elementType) return ReadList(type, elementType, section);
        var nested = current ?? Activator.CreateInstance(type)!;
        Fill(nested, section, []);
        return nested;
    }

    private object? ReadScalar(Type type, IConfigurationSection section)
    {
        if (section.GetChildren().Any() || section.Value is not { } text)
        {
            problems.Add(section.Path, $"expected {SettingValue.Expected(type)}, not a section or a list");
            return null;
        }

        if (SettingValue.Parse(type, text) is { } value) return value;
        problems.Add(section.Path, $"'{text}' is not {SettingValue.Expected(type)}");
        return null;
    }

    private object? ReadList(Type type, Type elementType, IConfigurationSection section)
    {
        if (!section.GetChildren().Any() && !string.IsNullOrEmpty(section.Value))
        {
            problems.Add(section.Path, "expected a list, not one value");
            return null;
        }

        var items = section.GetChildren().Select(child => Read(elementType, child, null)).Where(item => item is not null).ToArray();
        var array = Array.CreateInstance(elementType, items.Length);
        items.CopyTo(array, 0);
        return type.IsAssignableFrom(array.GetType()) ? array : Activator.CreateInstance(typeof(List<>).MakeGenericType(elementType), array);
    }

    private System.Collections.IDictionary ReadDictionary(Type valueType, IConfigurationSection section)
    {
        var dictionary = (System.Collections.IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(typeof(string), valueType), StringComparer.OrdinalIgnoreCase)!;
        foreach (var child in section.GetChildren())
        {
            if (Read(valueType, child, null) is { } value) dictionary[child.Key] = value;
        }

        return dictionary;
    }

    private void Validate(object settings, string path)
    {
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(settings, new ValidationContext(settings), results, validateAllProperties: true);
        foreach (var result in results) problems.Add(string.Join(':', [path, .. result.MemberNames.Take(1)]), result.ErrorMessage ?? "is not valid");
        if (settings is not IValidatedSettings validated) return;
        foreach (var (member, problem) in validated.Validate()) problems.Add(member.Length == 0 ? path : $"{path}:{member}", problem);
    }

    private static Type? DictionaryOf(Type type) =>
        type.IsGenericType && type.GetGenericArguments() is [var key, var value] && key == typeof(string) && type.IsAssignableFrom(typeof(Dictionary<,>).MakeGenericType(key, value)) ? value : null;

    private static Type? ElementOf(Type type)
    {
        if (type.IsArray) return type.GetElementType();
        return type.IsGenericType && type.GetGenericArguments() is [var element] && type.IsAssignableFrom(typeof(List<>).MakeGenericType(element)) ? element : null;
    }
}
