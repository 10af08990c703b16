namespace Smxp.Plugins.Content;

/// <summary>What a body may hold, and how to show it. Pure; called from several threads, with bodies that strangers wrote.</summary>
public interface IContentType
{
    /// <summary>The name on the wire, e.g. <c>markdown</c>.</summary>
    string Name { get; }

    /// <summary>Null where the body is acceptable, otherwise what is wrong with it in words for its sender.</summary>
    string? Validate(string body);

    /// <summary>The body as HTML that is safe to show: no script, no remote request without the reader's will, no way out of its box.</summary>
    string RenderHtml(string body);

    /// <summary>The body as plain text, for search, notifications and text/plain.</summary>
    string RenderText(string body);
}
