using System.ComponentModel;
using System.Globalization;
using System.Net;

namespace Smxp.Host.Configuration;

/// <summary>Turns the text of one setting into the type its class wants.</summary>
internal static class SettingValue
{
    /// <summary>Whether a type is written as one text, rather than as a section or a list.</summary>
    public static bool IsScalar(Type type) =>
        type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(IPAddress) || type == typeof(IPEndPoint) || type == typeof(Uri)
        || (type.IsValueType && TypeDescriptor.GetConverter(type).CanConvertFrom(typeof(string)));

    /// <summary>The value, or null where the text is not one; <see cref="Expected"/> then says what was wanted.</summary>
    public static object? Parse(Type type, string text)
    {
        try
        {
            if (type == typeof(string)) return text;
            if (type.IsEnum) return char.IsAsciiLetter(text.FirstOrDefault()) && Enum.TryParse(type, text, ignoreCase: true, out var name) ? name : null;
            if (type == typeof(IPAddress)) return IPAddress.TryParse(text, out var address) ? address : null;
            if (type == typeof(IPEndPoint)) return IPEndPoint.TryParse(text, out var endPoint) ? endPoint : null;
            if (type == typeof(Uri)) return Uri.TryCreate(text, UriKind.Absolute, out var uri) ? uri : null;
            return TypeDescriptor.GetConverter(type).ConvertFromString(null, CultureInfo.InvariantCulture, text);
        }
        catch (Exception e) when (e is FormatException or ArgumentException or NotSupportedException or OverflowException)
        {
            return null;
        }
    }

    public static string Expected(Type type) => type switch
    {
        _ when type == typeof(bool) => "true or false",
        _ when type.IsEnum => $"one of {string.Join(", ", Enum.GetNames(type))}",
        _ when type == typeof(TimeSpan) => "a time span, e.g. 00:00:30",
        _ when type == typeof(Uri) => "an absolute URL",
        _ when type == typeof(IPAddress) => "an IP address",
        _ when type == typeof(IPEndPoint) => "an IP address and a port",
        _ when type == typeof(float) || type == typeof(double) || type == typeof(decimal) => "a number",
        _ when type.IsPrimitive => $"a whole number of type {type.Name}",
        _ => $"a {type.Name}",
    };
}
