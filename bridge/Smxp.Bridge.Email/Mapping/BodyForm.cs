namespace Smxp.Bridge.Email.Mapping;

/// <summary>What the HTML of an incoming mail becomes.</summary>
public enum BodyForm
{
    /// <summary>HTML, made safe.</summary>
    Html,

    /// <summary>Markdown.</summary>
    Markdown,

    /// <summary>The mail's plain text; of one that has none, the text of its HTML.</summary>
    Text,
}
