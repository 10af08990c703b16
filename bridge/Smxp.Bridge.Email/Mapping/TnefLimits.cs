using MimeKit.Tnef;

namespace Smxp.Bridge.Email.Mapping;

/// <summary>
/// Keeps out a winmail.dat made to cost: the reader believes whatever number of values a property states, and a hundred octets can state billions. So a file is first walked the way the reader
/// will walk it, values left unread, and not opened where that takes too many steps.
/// </summary>
internal sealed class TnefLimits
{
    public const int MaxSteps = 100_000;

    private int _steps;

    private TnefLimits()
    {
    }

    public static bool IsTooComplex(TnefPart part)
    {
        if (part.Content is not { } content) return true;
        using var reader = new TnefReader(content.Open(), defaultMessageCodepage: 0, TnefComplianceMode.Loose);
        return !new TnefLimits().Walk(reader);
    }

    private bool Walk(TnefReader reader)
    {
        while (reader.ReadNextAttribute())
        {
            if (++_steps > MaxSteps) return false;
            var properties = reader.TnefPropertyReader;
            bool isBounded = reader.AttributeTag switch
            {
                TnefAttributeTag.RecipientTable => WalkRows(properties),
                TnefAttributeTag.MapiProperties or TnefAttributeTag.Attachment => WalkProperties(properties),
                _ => true,
            };
            if (!isBounded) return false;
        }

        return true;
    }

    private bool WalkRows(TnefPropertyReader rows)
    {
        while (rows.ReadNextRow())
        {
            if (++_steps > MaxSteps || !WalkProperties(rows)) return false;
        }

        return true;
    }

    private bool WalkProperties(TnefPropertyReader properties)
    {
        while (true)
        {
            bool isProperty = properties.ReadNextProperty();
            // Asked for the next one, or for the next row, the reader goes through all values of this one, even where it said that this one is none.
            if (properties.ValueCount > MaxSteps - _steps) return false;
            _steps += 1 + Math.Max(properties.ValueCount, 0);
            if (!isProperty) return true;
        }
    }
}
